#include "rep.hpp"

#include <peal/message/message.hpp>

#include <algorithm>
#include <charconv>

namespace peal::inline v0 {

namespace {

constexpr auto length_id = static_cast<std::uint8_t>(HeaderId::content_length);

struct Digits {
  std::array<char, 12> text{};
  std::size_t size = 0;
  explicit Digits(std::uint32_t value) {
    size = static_cast<std::size_t>(std::to_chars(text.data(), text.data() + text.size(), value).ptr - text.data());
  }
  [[nodiscard]] std::string_view view() const { return {text.data(), size}; }
};

bool says(std::string_view text, std::uint32_t value) {
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() && n == value;
}

/// Hands out the message piece by piece: lines that stand together in memory as one piece.
/// A Content-Length that is missing or wrong is written right.
template <class Out>
void print(const MessageRep& rep, Out out) {
  std::string_view run = rep.text(rep.fields.start);
  const auto add = [&](std::string_view piece) {
    if (run.data() + run.size() == piece.data()) {
      run = {run.data(), run.size() + piece.size()};
    } else {
      if (!run.empty()) out(run);
      run = piece;
    }
  };
  const Digits length(rep.fields.body.size);
  bool has_length = false;
  for (std::uint32_t i = 0; i < rep.count; ++i) {
    const Line& line = rep.lines()[i];
    if (line.id == length_id) {
      if (has_length) continue;
      has_length = true;
      if (!says(rep.value(line), rep.fields.body.size)) {
        add(rep.name(line));
        add(": ");
        add(length.view());
        add("\r\n");
        continue;
      }
    }
    add(rep.bytes(line));
  }
  if (!has_length) {
    add("Content-Length: ");
    add(length.view());
    add("\r\n");
  }
  add("\r\n");
  add(rep.text(rep.fields.body));
  if (!run.empty()) out(run);
}

}  // namespace

void Message::append_to(std::string& out) const {
  if (rep_ == nullptr) return;
  out.reserve(out.size() + printed_size());
  print(*rep_, [&](std::string_view piece) { out.append(piece); });
}

std::string Message::to_string() const {
  std::string out;
  append_to(out);
  return out;
}

Result<std::size_t> Message::print_to(std::span<char> out) const noexcept {
  const auto size = printed_size();
  if (size > out.size()) return fail(errc::too_long);
  char* to = out.data();
  if (rep_ != nullptr) print(*rep_, [&](std::string_view piece) { to = std::copy(piece.begin(), piece.end(), to); });
  return size;
}

std::size_t Message::printed_size() const noexcept {
  std::size_t size = 0;
  if (rep_ != nullptr) print(*rep_, [&](std::string_view piece) { size += piece.size(); });
  return size;
}

}  // namespace peal::inline v0
