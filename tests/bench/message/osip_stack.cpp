// oSIP: osip_message_parse() copies the bytes and parses every header that it knows.
#include "bench.hpp"

#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
#include <osipparser2/sdp_message.h>

#include <memory>
#include <string>

namespace peal_bench {
namespace {

struct Free {
  void operator()(osip_message_t* message) const { osip_message_free(message); }
};
using Msg = std::unique_ptr<osip_message_t, Free>;

Msg empty() {
  osip_message_t* message = nullptr;
  return Msg(osip_message_init(&message) == 0 ? message : nullptr);
}

Msg parsed(const Slot& slot) {
  Msg message = empty();
  if (!message || osip_message_parse(message.get(), slot.text.data(), slot.text.size()) != 0) return nullptr;
  return message;
}

bool parse(Slot& slot) {
  const Msg message = parsed(slot);
  benchmark::DoNotOptimize(message.get());
  return message != nullptr;
}

bool sdp(Slot& slot) {
  const Msg message = parsed(slot);
  if (!message) return false;
  if (!slot.has_sdp()) return true;
  osip_body_t* body = nullptr;
  sdp_message_t* session = nullptr;
  if (osip_message_get_body(message.get(), 0, &body) < 0 || sdp_message_init(&session) != 0) return false;
  const bool good = sdp_message_parse(session, body->body) == 0 && sdp_message_m_media_get(session, 0) != nullptr;
  sdp_message_free(session);
  return good;
}

template <class T>
auto cloner(int (*clone)(const T*, T**)) {
  return reinterpret_cast<int (*)(void*, void**)>(reinterpret_cast<void*>(clone));
}

Msg build(const Slot& slot, const osip_message_t* request) {
  Msg message = empty();
  osip_message_t* m = message.get();
  osip_message_set_version(m, osip_strdup("SIP/2.0"));
  osip_message_set_status_code(m, 200);
  osip_message_set_reason_phrase(m, osip_strdup("OK"));
  int failed = osip_list_clone(&request->vias, &m->vias, cloner(osip_via_clone));
  failed |= osip_list_clone(&request->record_routes, &m->record_routes, cloner(osip_from_clone));
  failed |= osip_from_clone(request->from, &m->from);
  failed |= osip_to_clone(request->to, &m->to);
  failed |= osip_call_id_clone(request->call_id, &m->call_id);
  failed |= osip_cseq_clone(request->cseq, &m->cseq);
  if (failed != 0) return nullptr;
  osip_generic_param_t* tag = nullptr;
  char tag_name[] = "tag";  // its macro for this passes a literal as char*
  if (osip_generic_param_get_byname(&m->to->gen_params, tag_name, &tag) != 0 || tag == nullptr)
    failed |= osip_to_set_tag(m->to, osip_strdup(answer::to_tag));
  failed |= osip_message_set_contact(m, answer::contact);
  failed |= osip_message_set_allow(m, answer::allow);
  failed |= osip_message_set_header(m, "Supported", answer::supported);
  failed |= osip_message_set_header(m, "Server", answer::server);
  if (slot.is_invite()) {
    failed |= osip_message_set_content_type(m, answer::type);
    failed |= osip_message_set_body(m, answer::body().data(), answer::body().size());
  }
  return failed == 0 ? std::move(message) : nullptr;  // Content-Length is added by printing
}

bool print(osip_message_t* message, std::string* text) {
  osip_message_force_update(message);
  char* out = nullptr;
  std::size_t size = 0;
  if (osip_message_to_str(message, &out, &size) != 0) return false;
  benchmark::DoNotOptimize(out);
  if (text != nullptr) text->assign(out, size);
  osip_free(out);
  return size > 0;
}

struct Built {
  const Slot* slot;
  Msg request;
  Msg response;
};

std::vector<Built>& built() {
  static std::vector<Built> out = [] {
    std::vector<Built> made;
    for (Slot* slot : requests()) {
      Msg request = parsed(*slot);
      Msg response = build(*slot, request.get());
      std::string text;
      require(response != nullptr && print(response.get(), &text), "osip", "build", *slot);
      require_answer(text, "osip", *slot);
      made.push_back({slot, std::move(request), std::move(response)});
    }
    return made;
  }();
  return out;
}

Built& built_for(const Slot& slot) {
  for (Built& one : built())
    if (one.slot == &slot) return one;
  std::abort();
}

void check(const Slot& slot) {
  const Msg message = parsed(slot);
  require(message != nullptr, "osip", "parse", slot);
  require((message->sip_method != nullptr) == slot.is_request(), "osip", "start line", slot);
  require(message->from != nullptr && std::string_view(message->from->url->host).starts_with("example."), "osip",
          "From", slot);
  require(slot.name != "1_invite_big" || osip_list_size(&message->vias) == 5, "osip", "Via", slot);
  require(slot.body().empty() || osip_list_size(&message->bodies) == 1, "osip", "body", slot);
}

}  // namespace

void register_osip() {
  parser_init();
  for (const Slot* slot : all()) check(*slot);
  measure("osip", "routing", all(), parse);  // it has no lesser parse
  measure("osip", "full", all(), parse);
  measure("osip", "sdp", all(), sdp);
  measure("osip", "print", requests(), [](Slot& slot) { return print(built_for(slot).response.get(), nullptr); });
  measure("osip", "build_print", requests(), [](Slot& slot) {
    const Msg response = build(slot, built_for(slot).request.get());
    return response && print(response.get(), nullptr);
  });
}

}  // namespace peal_bench
