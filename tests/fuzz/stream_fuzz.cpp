// Any bytes as a stream, cut at will: the first bytes choose the profile and the cuts. However it is cut, the same
// frames come out; the Parser sees the headers' end and the body where the framer did; each message goes through
// everything.
#include "message_cycle.hpp"

#include <peal/message/framer.hpp>

#include <cstdint>
#include <cstring>
#include <vector>

namespace {

using namespace peal;
using peal_test::must;

struct Found {
  Frame::Kind kind;
  std::string bytes;
  ParseError error;
  bool operator==(const Found&) const = default;
};

void take(StreamFramer& framer, std::vector<Found>& out) {
  for (;;) {
    const auto frame = framer.next();
    if (frame.kind == Frame::Kind::need_more) return;
    must(frame.error.offset <= frame.bytes.size());
    // a pong in front of a ping is its first half
    if (frame.kind == Frame::Kind::ping && !out.empty() && out.back().kind == Frame::Kind::pong) out.pop_back();
    out.push_back({frame.kind, {frame.bytes.begin(), frame.bytes.end()}, frame.error});
    if (frame.kind != Frame::Kind::error) continue;
    must(framer.next().kind == Frame::Kind::error && framer.next().bytes.empty() && framer.prepare().empty());
    return;
  }
}

/// Cuts of the sizes that `sizes` says, again and again; all at once when it says nothing.
std::vector<Found> framed(std::string_view text, std::string_view sizes, const ParseLimits& limits) {
  StreamFramer framer(limits);
  std::vector<Found> out;
  const auto size = text.size();
  for (std::size_t turn = 0; !text.empty() && !framer.failed(); ++turn) {
    const auto wanted =
        sizes.empty() ? text.size() : std::size_t{static_cast<unsigned char>(sizes[turn % sizes.size()])};
    const auto space = framer.prepare();
    must(!space.empty());
    const auto now = std::min({wanted + 1, space.size(), text.size()});
    std::memcpy(space.data(), text.data(), now);
    framer.commit(now);
    text.remove_prefix(now);
    take(framer, out);
  }
  must(framer.work() <= 3 * size + 64);
  must(framer.memory() <= 2 * std::size_t{limits.message_bytes} + 4096 + 64);
  return out;
}

void agree(Parser& parser, const Found& found, Profile profile) {
  peal_test::message_cycle(parser, found.bytes, profile);
  const auto buffer = std::make_unique<char[]>(found.bytes.size() + Parser::padding);
  std::copy(found.bytes.begin(), found.bytes.end(), buffer.get());
  const auto parsed = parser.parse(buffer.get(), found.bytes.size());
  must(parsed != Parsed::keep_alive);
  if (parsed != Parsed::request && parsed != Parsed::response) return;
  must(found.kind == Frame::Kind::message || parser.error().code == parse_errc::no_result);
  if (found.kind != Frame::Kind::message) return;
  const Message& message = parsed == Parsed::request ? static_cast<Message&>(parser.request()) : parser.response();
  const std::string_view text = found.bytes;
  must(text.ends_with(message.body()));
  const auto bare = text.find("\n\n");
  const auto crlf = text.find("\n\r\n");
  must(text.size() - message.body().size() == (bare < crlf ? bare + 2 : crlf + 3));
  must(message.get(header::content_length)->value == message.body().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // seeds are plain messages: what does not begin with a control byte is cut by its own first bytes all the same
  const auto cuts = input.substr(0, std::min<std::size_t>(4, size));
  const bool chosen = !input.empty() && static_cast<unsigned char>(input.front()) < 0x20;
  const std::string_view text = chosen ? input.substr(cuts.size()) : input;
  for (const auto profile : {Profile::strict, Profile::interop}) {
    ParseLimits limits;
    limits.profile = profile;
    if (chosen && (input.front() & 1) != 0) {
      limits.message_bytes = 600;
      limits.header_line_bytes = 60;
      limits.header_lines = 12;
    }
    const auto whole = framed(text, {}, limits);
    must(framed(text, cuts, limits) == whole);
    must(framed(text, std::string_view("\0", 1), limits) == whole);
    Parser parser(limits);
    for (const auto& found : whole)
      if (!found.bytes.empty()) agree(parser, found, profile);
  }
  return 0;
}
