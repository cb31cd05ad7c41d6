#include "header_check.hpp"

#include <string_view>

namespace cli {

namespace {

/// The end of the list element that starts at `at`: the next comma outside quotes and angle brackets.
std::size_t element_end(std::string_view value, std::size_t at) {
  bool quoted = false, angle = false;
  for (; at < value.size(); ++at) {
    const char c = value[at];
    if (quoted && c == '\\')
      ++at;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '<' || c == '>'))
      angle = c == '<';
    else if (c == ',' && !quoted && !angle)
      return at;
  }
  return value.size();
}

class HeaderCheck {
 public:
  HeaderCheck(const peal::HeaderField& field, const char* text) : field_(field), text_(text) {}

  template <class T>
  void against(const peal::Header<T>& header) {
    if (header.id != static_cast<std::uint8_t>(field_.id)) return;
    const auto value = field_.value;
    if (header.occurs != peal::Occurs::list) return element<T>(value);
    if (value.empty()) return;  // `Supported:` and `Accept:` may be empty (§20)
    for (std::size_t at = 0; at <= value.size() && !fault;) {
      const auto end = element_end(value, at);
      auto begin = at;
      auto last = end;
      while (begin < last && (value[begin] == ' ' || value[begin] == '\t')) ++begin;
      while (last > begin && (value[last - 1] == ' ' || value[last - 1] == '\t')) --last;
      element<T>(value.substr(begin, last - begin));
      at = end + 1;
    }
  }

  std::optional<HeaderFault> fault;

 private:
  template <class T>
  void element(std::string_view value) {
    if (auto parsed = peal::parse_header_value<T>(value); !parsed)
      fault = HeaderFault{static_cast<std::size_t>(value.data() - text_) + parsed.error().offset,
                          std::string(field_.name) + ": " + parsed.error().message()};
  }

  const peal::HeaderField& field_;
  const char* text_;
};

template <class... Headers>
void check(HeaderCheck& field, const Headers&... headers) {
  (field.against(headers), ...);
}

}  // namespace

std::optional<HeaderFault> check_headers(const peal::Message& message, const char* text) {
  namespace h = peal::header;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto line = message.field(i);
    HeaderCheck field(line, text);
    check(field, h::via, h::contact, h::route, h::record_route, h::max_forwards, h::content_length, h::content_type,
          h::require, h::proxy_require, h::supported, h::unsupported, h::allow, h::accept, h::expires, h::min_expires,
          h::retry_after, h::www_authenticate, h::authorization, h::proxy_authenticate, h::proxy_authorization);
    if (field.fault) return field.fault;
  }
  return std::nullopt;
}

}  // namespace cli
