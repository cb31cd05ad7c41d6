// A fragment from anywhere: what can be read prints as a fragment that is read the same, also after edits.
#include <peal/message/sipfrag.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace peal;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

ParseLimits wide() {
  ParseLimits limits;
  limits.message_bytes = limits.header_line_bytes = limits.start_line_bytes = 1U << 24U;
  limits.header_lines = 1U << 20U;
  return limits;
}

void expect_same(const Sipfrag& a, const Sipfrag& b) {
  expect(a.method() == b.method() && a.uri().text() == b.uri().text() && a.status() == b.status());
  expect(a.reason() == b.reason() && a.body() == b.body() && a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    expect(a.field(i).name == b.field(i).name && a.field(i).value == b.field(i).value);
}

void read_all(const Sipfrag& fragment) {
  std::size_t n = 0;
  const auto count = [&](const auto&... h) {
    (fragment.each(h, [&](const auto& element) { n += element ? 1U : element.error().offset; }), ...);
    ((n += fragment.get(h) ? 1U : 0U), ...);
  };
  count(header::via, header::from, header::to, header::call_id, header::cseq, header::contact, header::route,
        header::content_length, header::content_type, header::www_authenticate, header::warning, header::supported);
  for (std::size_t i = 0; i < fragment.size(); ++i) {
    expect(fragment.field(i).value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    expect(fragment.raw(fragment.field(i).name).has_value());
  }
  n += fragment.uri().params().text().size() + unescape(fragment.uri().user()).size();
  expect(n != static_cast<std::size_t>(-1));
}

void expect_readable(const Sipfrag& fragment, Profile profile) {
  const auto printed = fragment.to_string();
  const auto again = Sipfrag::parse(printed, wide(), profile);
  expect(again.has_value());
  expect_same(fragment, *again);
  expect(again->to_string() == printed);
}

void edit(Sipfrag fragment) {
  const auto kept = fragment;
  expect(fragment.add("X-Fuzz", "1").has_value());
  expect(!fragment.add("X-Fuzz", "1\r\n").has_value());
  fragment.add(header::cseq, CSeq{1, method::bye});
  fragment.remove("Subject");
  expect_readable(fragment, Profile::interop);
  fragment.set_body(*MediaType::parse("text/plain"), fragment.body());
  expect(fragment.body() == kept.body());
  expect_readable(fragment, Profile::interop);
  if (fragment.is_request()) fragment.set_request(fragment.method(), fragment.uri());
  if (fragment.is_response()) fragment.set_status(*fragment.status(), fragment.reason());
  expect_readable(fragment, Profile::interop);
  fragment.set_status(StatusCode(180));
  expect(fragment.reason() == "Ringing" && !fragment.is_request());
  expect_readable(fragment, Profile::interop);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto profile : {Profile::strict, Profile::interop}) {
    const auto fragment = Sipfrag::parse(text, {}, profile);
    if (!fragment) {
      expect(fragment.error().code != parse_errc::no_result && fragment.error().offset <= size);
      continue;
    }
    // What strict takes, interop takes and reads the same.
    if (profile == Profile::strict) expect_same(*fragment, *Sipfrag::parse(text));
    read_all(*fragment);
    expect_readable(*fragment, profile);
    edit(*fragment);
  }
  return 0;
}
