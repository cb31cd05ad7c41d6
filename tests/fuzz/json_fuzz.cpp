// JSON from anywhere, and a SIP message from anywhere on its way through JSON: what is read in prints the same again,
// in both directions.
#include <peal/message_json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

using namespace peal;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

template <class M>
std::string print(const M& message) {
  return message.to_string();
}
std::string print(const std::variant<Request, Response>& message) {
  return std::visit([](const auto& m) { return m.to_string(); }, message);
}

/// Message to JSON to message to JSON.
template <class M>
void expect_lossless(const M& message, int indent) {
  const auto json = to_json(message, indent);
  const auto again = message_from_json(json);
  expect(again.has_value());
  expect(print(*again) == print(message));
  expect(to_json(*again, indent) == json);
}

void import(std::string_view text) {
  const auto message = message_from_json(text);
  if (message) {
    expect_lossless(*message, -1);
    return;
  }
  const auto& error = message.error();
  expect(error.code != json_errc::no_result && !error.message().empty());
  expect(!error.in_json_text() || error.offset <= text.size());
  expect((error.code == json_errc::not_sip) == (error.parse != parse_errc::no_result));
}

void export_sip(std::string_view text) {
  if (auto request = Request::parse(text)) {
    expect_lossless(*request, 2);
    (void)request->set("Subject", "edited");
    request->pop_front(header::route);
    request->set_body(*MediaType::parse("text/plain"), text.substr(text.size() / 2));
    expect_lossless(*request, -1);
  } else if (const auto response = Response::parse(text)) {
    expect_lossless(*response, 2);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('{') || text.starts_with('[') || text.starts_with(' '))
    import(text);
  else
    export_sip(text);
  return 0;
}
