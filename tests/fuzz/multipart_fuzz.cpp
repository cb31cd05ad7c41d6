// A Content-Type, a line end, and a body from anywhere: what is read lies within the bytes, can be asked for
// everything, and what is built of its parts is read as the same parts.
#include <peal/message/multipart.hpp>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <vector>

using namespace peal;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

bool inside(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> before;
  return part.empty() ||
         (before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size()));
}

/// Every node lies in its multipart, which knows where it ends.
void check_tree(const BodyView& body, std::string_view bytes, const ParseLimits& limits) {
  const auto parts = body.parts();
  expect(!parts.empty() && parts.size() <= limits.multipart_parts + 1U);
  std::size_t direct = 0;
  for (const auto& part : parts) {
    expect(part.depth() <= limits.multipart_depth && inside(part.bytes(), bytes));
    body.each_part(part, [&](const BodyPart& child) {
      expect(part.is_multipart() && child.depth() == part.depth() + 1 && inside(child.bytes(), part.bytes()));
      ++direct;
    });
    if (const auto* root = body.root_of(part)) expect(root->depth() == part.depth() + 1);
  }
  expect(direct + 1 == parts.size());
}

/// What strict takes, interop takes and reads the same.
void expect_same_interop(const BodyView& body, std::string_view type, std::string_view bytes) {
  const auto interop = BodyView::parse(type, bytes);
  expect(interop.has_value() && interop->parts().size() == body.parts().size());
  for (std::size_t i = 0; i < body.parts().size(); ++i) {
    const auto& a = body.parts()[i];
    const auto& b = interop->parts()[i];
    expect(a.bytes() == b.bytes() && a.depth() == b.depth() && a.size() == b.size() &&
           a.type().text() == b.type().text());
  }
}

void read_part(const BodyView& body, const BodyPart& part) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    n += part.field(i).name.size() + part.field(i).value.size();
    expect(part.field(i).value.find_first_of("\r\n") == std::string_view::npos);
    expect(part.raw(part.field(i).name).has_value());
  }
  part.each(header::content_type, [&](const auto& type) { n += type ? type->text().size() : 0; });
  part.each(header::contact, [&](const auto& contact) { n += contact ? contact->params().text().size() : 0; });
  part.each(header::www_authenticate, [&](const auto& auth) { n += auth ? auth->value("nonce").size() : 0; });
  for (const auto& param : part.type().params()) n += param.unquoted().size();
  for (const auto& param : part.disposition().params) n += param.unquoted().size();
  n += part.content_id().size() + part.transfer_encoding().size();
  if (const auto* found = body.find_id(part.content_id())) expect(found->content_id() == part.content_id());
  expect(n != static_cast<std::size_t>(-1));
}

void judge(const BodyView& body) {
  const std::vector<UnderstoodBody> ours{
      {"application", "sdp", "session"}, {"text", "*", "render"}, {"message", "sipfrag", "*"}};
  const std::vector<UnderstoodBody> all{{"*", "*", "*"}};
  for (const auto* part : body.not_understood(ours)) expect(part->disposition().required);
  for (const auto& part : body.parts())
    if (const auto* chosen = body.choose(part, ours)) expect(chosen->depth() == part.depth() + 1);
  if (const auto* session = body.find_session()) {
    expect(session->is("application", "sdp") && session->disposition().is("session"));
    expect(body.find({"application", "sdp"}) != nullptr);
  }
  if (body.not_understood({}).empty()) expect(body.not_understood(ours).empty());
  (void)body.not_understood(all);
}

/// The leaves as parts of a new body.
void rebuild(const BodyView& body) {
  MultipartBuilder builder;
  std::vector<std::string_view> meant;
  for (const auto& part : body.parts()) {
    std::vector<MultipartBuilder::Line> lines;
    for (std::size_t i = 0; i < part.size() && i < 8; ++i)
      if (part.field(i).id != HeaderId::content_type) lines.emplace_back(part.field(i).name, part.field(i).value);
    if (builder.add(MediaType(part.type()), part.bytes(), lines)) meant.push_back(part.bytes());
  }
  const auto made = builder.build("b");
  expect(made.has_value() == !meant.empty());
  if (!made) return;
  ParseLimits limits;
  limits.message_bytes = 1U << 26U;
  limits.header_line_bytes = limits.header_name_bytes = 1U << 20U;
  limits.multipart_depth = 16;
  limits.multipart_parts = 1U << 20U;
  const auto again = BodyView::parse(made->type.text(), made->bytes, limits);
  expect(again.has_value());
  std::size_t n = 0;
  again->each_part(again->parts()[0],
                   [&](const BodyPart& part) { expect(n < meant.size() && part.bytes() == meant[n++]); });
  expect(n == meant.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = text.substr(0, text.find('\n'));
  const auto bytes = text.substr(line.size() == text.size() ? line.size() : line.size() + 1);
  ParseLimits limits;
  for (const auto profile : {Profile::strict, Profile::interop}) {
    const auto body = BodyView::parse(line, bytes, limits, profile);
    if (!body) {
      expect(body.error().code != parse_errc::no_result && body.error().offset <= bytes.size());
      continue;
    }
    if (profile == Profile::strict) expect_same_interop(*body, line, bytes);
    check_tree(*body, bytes, limits);
    for (const auto& part : body->parts()) read_part(*body, part);
    judge(*body);
    rebuild(*body);
  }
  return 0;
}
