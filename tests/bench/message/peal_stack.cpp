// Peal: Parser::parse is what happens at receipt; `full` types every line on top of it.
#include "bench.hpp"

#include <peal/message/parse.hpp>
#include <peal/message/sdp/session_description.hpp>
#include <peal/message/typed_headers.hpp>

#include <string>

namespace peal_bench {
namespace {

using namespace peal;

Parser& parser() {
  static Parser one;
  return one;
}

const Message* parsed(Slot& slot) {
  switch (parser().parse(slot.receive(), slot.text.size())) {
    case Parsed::request: return &parser().request();
    case Parsed::response: return &parser().response();
    default: return nullptr;
  }
}

bool routing(Slot& slot) {
  const Message* message = parsed(slot);
  benchmark::DoNotOptimize(message);
  return message != nullptr;
}

/// Every element of a line, read through the type of its header; how many there were, 0 when one was refused.
std::size_t type_line(const Message& message, std::size_t index) {
  std::size_t elements = 0;
  bool good = true;
  header::with(message.field(index).id, [&](const auto& h) {
    message.each_in_line(index, h, [&](const auto& element) {
      good &= element.has_value();
      ++elements;
      benchmark::DoNotOptimize(element);
    });
  });
  return good ? elements : 0;
}

bool type_every_line(const Message& message) {
  bool good = true;
  for (std::size_t i = 0; i < message.size(); ++i) good &= type_line(message, i) > 0;
  return good;
}

bool full(Slot& slot) {
  const Message* message = parsed(slot);
  return message != nullptr && type_every_line(*message);
}

/// With the attributes that the peers' SDP parsers read too.
bool type_sdp(std::string_view body) {
  const auto session = sdp::parse(body);
  if (!session) return false;
  std::size_t attributes = 0;
  for (const auto& media : session->media()) {
    media.each("rtpmap",
               [&](std::string_view value) { attributes += sdp::Rtpmap::parse(value).has_value() ? 1U : 0U; });
    media.each("fmtp", [&](std::string_view value) { attributes += sdp::Fmtp::parse(value).has_value() ? 1U : 0U; });
    benchmark::DoNotOptimize(session->direction());
  }
  return attributes == 6;
}

bool sdp_too(Slot& slot) {
  const Message* message = parsed(slot);
  return message != nullptr && type_every_line(*message) && (!slot.has_sdp() || type_sdp(message->body()));
}

/// What outlives the receive buffer.
bool keep(Slot& slot) {
  if (parsed(slot) == nullptr) return false;
  if (slot.is_request()) {
    const Request kept(parser().request());
    benchmark::DoNotOptimize(&kept);
  } else {
    const Response kept(parser().response());
    benchmark::DoNotOptimize(&kept);
  }
  return true;
}

/// From the same texts as the other stacks; each is checked by its grammar.
Response build(const Slot& slot, const Request& request) {
  static const MediaType type = *MediaType::parse(answer::type);
  Response response(request, StatusCode(200), answer::to_tag);
  bool good = true;
  for (std::size_t i = 0; i < request.size(); ++i)
    if (const HeaderField line = request.field(i); line.id == HeaderId::record_route)
      good &= response.add(header::record_route, line.value).has_value();
  good &= response.set(header::contact, answer::contact).has_value();
  good &= response.set(header::allow, answer::allow).has_value();
  good &= response.set(header::supported, answer::supported).has_value();
  good &= response.set(header::server, answer::server).has_value();
  if (slot.is_invite()) response.set_body(type, answer::body());
  if (!good) return Response();
  return response;
}

struct Built {
  const Slot* slot;
  Request request;
  Response response;
};

std::vector<Built>& built() {
  static std::vector<Built> out = [] {
    std::vector<Built> made;
    for (const Slot* slot : requests()) {
      const Request request = *Request::parse(slot->text);
      made.push_back({slot, request, build(*slot, request)});
      require_answer(made.back().response.to_string(), "peal", *slot);
    }
    return made;
  }();
  return out;
}

const Built& built_for(const Slot& slot) {
  for (const Built& one : built())
    if (one.slot == &slot) return one;
  std::abort();
}

void check(Slot& slot) {
  const Message* message = parsed(slot);
  require(message != nullptr && type_every_line(*message), "peal", "parse", slot);
  require(message->top_via().branch().starts_with("z9hG4bK"), "peal", "Via", slot);
  require(message->from().uri().host().starts_with("example."), "peal", "From", slot);
  require(slot.name != "1_invite_big" || message->all(header::via).size() == 5, "peal", "Via lines", slot);
  require(message->body() == slot.body(), "peal", "body", slot);
}

}  // namespace

void register_peal() {
  for (Slot* slot : all()) check(*slot);
  measure("peal", "routing", all(), routing);
  measure("peal", "full", all(), full);
  measure("peal", "sdp", all(), sdp_too);
  measure("peal", "keep", all(), keep);
  measure("peal", "reprint", all(), [](Slot& slot) {  // as a forwarder: what was received goes out again
    static std::string out;
    const Message* message = parsed(slot);
    out.clear();
    if (message != nullptr) message->append_to(out);
    benchmark::DoNotOptimize(out.data());
    return out.size() == slot.text.size();
  });
  measure("peal", "print", requests(), [](Slot& slot) {
    static std::string out;
    out.clear();
    built_for(slot).response.append_to(out);
    benchmark::DoNotOptimize(out.data());
    return !out.empty();
  });
  measure("peal", "build_print", requests(), [](Slot& slot) {
    const std::string out = build(slot, built_for(slot).request).to_string();
    benchmark::DoNotOptimize(out.data());
    return !out.empty();
  });
}

}  // namespace peal_bench
