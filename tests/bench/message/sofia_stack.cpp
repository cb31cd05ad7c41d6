// Sofia-SIP: msg_make() copies the bytes, parses every header that it knows, and the body's separation.
#include "bench.hpp"

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/msg_parser.h>
#include <sofia-sip/sdp.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_util.h>

#include <array>
#include <memory>
#include <string>

namespace peal_bench {
namespace {

struct Unmake {
  void operator()(msg_t* message) const { msg_destroy(message); }
};
using Msg = std::unique_ptr<msg_t, Unmake>;

Msg parsed(const Slot& slot) {
  Msg message(msg_make(sip_default_mclass(), 0, slot.text.data(), static_cast<ssize_t>(slot.text.size())));
  if (!message) return nullptr;
  const sip_t* sip = sip_object(message.get());
  if (sip == nullptr || msg_has_error(message.get()) != 0 || sip->sip_error != nullptr || sip->sip_cseq == nullptr)
    return nullptr;
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
  const sip_t* sip = sip_object(message.get());
  const sip_payload_t* payload = sip->sip_payload;
  if (payload == nullptr) return false;
  sdp_parser_t* parser = sdp_parse(nullptr, payload->pl_data, static_cast<issize_t>(payload->pl_len), 0);
  sdp_session_t* session = sdp_session(parser);
  const bool good = session != nullptr && session->sdp_media != nullptr && session->sdp_media->m_rtpmaps != nullptr;
  sdp_parser_free(parser);
  return good;
}

/// The 200 to `request`, its headers in a chain in the order of printing.
Msg build(const Slot& slot, const sip_t* request) {
  Msg message(msg_create(sip_default_mclass(), 0));
  sip_t* sip = sip_object(message.get());
  su_home_t* home = msg_home(message.get());
  const auto copy = [&](const auto* header) {
    if (header != nullptr) sip_add_dup(message.get(), sip, reinterpret_cast<const sip_header_t*>(header));
  };
  auto* status = reinterpret_cast<msg_header_t*>(sip_status_create(home, SIP_200_OK, nullptr));
  msg_header_insert(message.get(), reinterpret_cast<msg_pub_t*>(sip), status);
  copy(request->sip_via);
  copy(request->sip_record_route);
  copy(request->sip_from);
  copy(request->sip_to);
  copy(request->sip_call_id);
  copy(request->sip_cseq);
  if (sip->sip_to == nullptr) return nullptr;
  if (sip->sip_to->a_tag == nullptr && sip_to_tag(home, sip->sip_to, answer::to_tag) < 0) return nullptr;
  sip_add_make(message.get(), sip, sip_contact_class, answer::contact);
  sip_add_make(message.get(), sip, sip_allow_class, answer::allow);
  sip_add_make(message.get(), sip, sip_supported_class, answer::supported);
  sip_add_make(message.get(), sip, sip_server_class, answer::server);
  std::size_t length = 0;
  if (slot.is_invite()) {
    length = answer::body().size();
    sip_add_make(message.get(), sip, sip_content_type_class, answer::type);
    sip_payload_t* payload = sip_payload_create(home, answer::body().data(), static_cast<isize_t>(length));
    msg_header_insert(message.get(), reinterpret_cast<msg_pub_t*>(sip), reinterpret_cast<msg_header_t*>(payload));
  }
  sip_content_length_t* content_length = sip_content_length_create(home, static_cast<std::uint32_t>(length));
  msg_header_insert(message.get(), reinterpret_cast<msg_pub_t*>(sip), reinterpret_cast<msg_header_t*>(content_length));
  msg_header_insert(message.get(), reinterpret_cast<msg_pub_t*>(sip),
                    reinterpret_cast<msg_header_t*>(sip_separator_create(home)));
  if (msg_serialize(message.get(), reinterpret_cast<msg_pub_t*>(sip)) < 0) return nullptr;
  return message;
}

std::array<char, 16384> printed_text;

/// Encodes every header again: this way keeps no fragments, and allocates nothing.
std::size_t printed(msg_t* message) {
  const auto size = msg_object_e(printed_text.data(), printed_text.size(),
                                 reinterpret_cast<const msg_pub_t*>(sip_object(message)), 0);
  benchmark::DoNotOptimize(printed_text.data());
  return size > 0 && static_cast<std::size_t>(size) < printed_text.size() ? static_cast<std::size_t>(size) : 0;
}

/// As sent by its transport: fragments in the message's own memory.
std::size_t prepared(msg_t* message, std::string* text) {
  if (msg_serialize(message, reinterpret_cast<msg_pub_t*>(sip_object(message))) < 0) return 0;
  const int size = msg_prepare(message);
  std::array<msg_iovec_t, 8> pieces{};
  const auto count = static_cast<std::size_t>(msg_iovec(message, pieces.data(), pieces.size()));
  if (text != nullptr)
    for (std::size_t i = 0; i < count && i < pieces.size(); ++i)
      text->append(static_cast<const char*>(pieces[i].siv_base), pieces[i].siv_len);
  return size > 0 && count > 0 && count <= pieces.size() ? static_cast<std::size_t>(size) : 0;
}

struct Built {
  const Slot* slot;
  Msg request;
  Msg response;
};

/// Every request with its 200.
std::vector<Built>& built() {
  static std::vector<Built> out = [] {
    std::vector<Built> made;
    for (Slot* slot : requests()) {
      Msg request = parsed(*slot);
      Msg response = build(*slot, sip_object(request.get()));
      require(response != nullptr, "sofia", "build", *slot);
      require_answer({printed_text.data(), printed(response.get())}, "sofia", *slot);
      const Msg again = build(*slot, sip_object(request.get()));
      std::string text;
      require(prepared(again.get(), &text) == text.size(), "sofia", "prepare", *slot);
      require_answer(text, "sofia", *slot);
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
  require(message != nullptr, "sofia", "parse", slot);
  const sip_t* sip = sip_object(message.get());
  const auto host_of_from = std::string_view(sip->sip_from->a_url->url_host);
  require((sip->sip_request != nullptr) == slot.is_request(), "sofia", "start line", slot);
  require(sip->sip_via != nullptr && sip->sip_via->v_branch != nullptr, "sofia", "Via", slot);
  require(host_of_from.starts_with("example."), "sofia", "From", slot);
  require(slot.name != "1_invite_big" || (sip->sip_session_expires != nullptr && sip->sip_min_se != nullptr), "sofia",
          "Session-Expires", slot);
  require(slot.body().empty() || (sip->sip_payload != nullptr && sip->sip_payload->pl_len == slot.body().size()),
          "sofia", "body", slot);
}

}  // namespace

void register_sofia() {
  for (const Slot* slot : all()) check(*slot);
  measure("sofia", "routing", all(), parse);  // it has no lesser parse
  measure("sofia", "full", all(), parse);
  measure("sofia", "sdp", all(), sdp);
  measure("sofia", "print", requests(), [](Slot& slot) { return printed(built_for(slot).response.get()) > 0; });
  measure("sofia", "build_print", requests(), [](Slot& slot) {
    const Msg response = build(slot, sip_object(built_for(slot).request.get()));
    return response && prepared(response.get(), nullptr) > 0;
  });
}

}  // namespace peal_bench
