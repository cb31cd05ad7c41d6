// libre: sip_msg_decode() reads the headers that its transactions need and lists the others; the body stays where it
// is. It keeps no message that could be printed: a response is printed from its request, as its own reply.c does.
#include "bench.hpp"

#include <re/re.h>

#include <memory>
#include <string>

namespace peal_bench {
namespace {

struct Deref {
  void operator()(void* data) const { mem_deref(data); }
};
using Msg = std::unique_ptr<sip_msg, Deref>;
using Buffer = std::unique_ptr<mbuf, Deref>;

mbuf* buffer() {
  static const Buffer one(mbuf_alloc(16384));
  return one.get();
}

Msg parsed(const Slot& slot, mbuf* from) {
  from->pos = 0;
  from->end = slot.text.size();
  std::memcpy(from->buf, slot.text.data(), slot.text.size());
  sip_msg* message = nullptr;
  return Msg(sip_msg_decode(&message, from) == 0 ? message : nullptr);
}

bool routing(Slot& slot) {
  const Msg message = parsed(slot, buffer());
  benchmark::DoNotOptimize(message.get());
  return message != nullptr;
}

/// With each of its decoders; headers that it has none for stay text.
bool type_line(const sip_hdr& line) {
  int failed = 0;
  switch (line.id) {
    case SIP_HDR_VIA: {
      sip_via via;
      failed = sip_via_decode(&via, &line.val);
      benchmark::DoNotOptimize(via);
      break;
    }
    case SIP_HDR_FROM:
    case SIP_HDR_TO:
    case SIP_HDR_CONTACT:
    case SIP_HDR_ROUTE:
    case SIP_HDR_RECORD_ROUTE: {
      sip_addr address;
      failed = sip_addr_decode(&address, &line.val);
      benchmark::DoNotOptimize(address);
      break;
    }
    case SIP_HDR_CSEQ: {
      sip_cseq cseq;
      failed = sip_cseq_decode(&cseq, &line.val);
      benchmark::DoNotOptimize(cseq);
      break;
    }
    case SIP_HDR_CONTENT_TYPE: {
      msg_ctype type;
      failed = msg_ctype_decode(&type, &line.val);
      benchmark::DoNotOptimize(type);
      break;
    }
    case SIP_HDR_MAX_FORWARDS:
    case SIP_HDR_EXPIRES:
    case SIP_HDR_MIN_SE:
    case SIP_HDR_CONTENT_LENGTH: benchmark::DoNotOptimize(pl_u32(&line.val)); break;
    case SIP_HDR_AUTHORIZATION: {
      httpauth_digest_resp credentials;
      failed = httpauth_digest_response_decode(&credentials, &line.val);
      benchmark::DoNotOptimize(credentials);
      break;
    }
    default: break;
  }
  return failed == 0;
}

Msg typed(const Slot& slot, mbuf* from) {
  Msg message = parsed(slot, from);
  if (!message) return nullptr;
  for (const le* at = message->hdrl.head; at != nullptr; at = at->next)
    if (!type_line(*static_cast<const sip_hdr*>(at->data))) return nullptr;
  return message;
}

bool full(Slot& slot) { return typed(slot, buffer()) != nullptr; }

bool sdp(Slot& slot) {
  mbuf* from = buffer();
  const Msg message = typed(slot, from);
  if (!message) return false;
  if (!slot.has_sdp()) return true;
  sa local;
  sa_init(&local, AF_INET);
  sdp_session* session = nullptr;
  if (sdp_session_alloc(&session, &local) != 0) return false;
  const bool good = sdp_decode(session, from, true) == 0 && list_head(sdp_session_medial(session, false)) != nullptr;
  mem_deref(session);
  return good;
}

bool print(const Slot& slot, const sip_msg& request, mbuf* out) {
  out->pos = out->end = 0;
  int failed = mbuf_printf(out, "SIP/2.0 %u %s\r\n", 200U, "OK");
  for (const le* at = request.hdrl.head; at != nullptr; at = at->next) {
    const auto& line = *static_cast<const sip_hdr*>(at->data);
    switch (line.id) {
      case SIP_HDR_VIA:
      case SIP_HDR_RECORD_ROUTE:
      case SIP_HDR_FROM:
      case SIP_HDR_CALL_ID:
      case SIP_HDR_CSEQ: failed |= mbuf_printf(out, "%r: %r\r\n", &line.name, &line.val); break;
      case SIP_HDR_TO:
        failed |= mbuf_printf(out, "%r: %r", &line.name, &line.val);
        if (!pl_isset(&request.to.tag)) failed |= mbuf_printf(out, ";tag=%s", answer::to_tag);
        failed |= mbuf_write_str(out, "\r\n");
        break;
      default: break;
    }
  }
  failed |= mbuf_printf(out, "Contact: %s\r\nAllow: %s\r\nSupported: %s\r\nServer: %s\r\n", answer::contact,
                        answer::allow, answer::supported, answer::server);
  if (slot.is_invite())
    failed |= mbuf_printf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%b", answer::type, answer::body().size(),
                          answer::body().data(), answer::body().size());
  else
    failed |= mbuf_write_str(out, "Content-Length: 0\r\n\r\n");
  benchmark::DoNotOptimize(out->buf);
  return failed == 0;
}

struct Built {
  const Slot* slot;
  Buffer text;
  Msg request;
};

std::vector<Built>& built() {
  static std::vector<Built> out = [] {
    std::vector<Built> made;
    for (Slot* slot : requests()) {
      Buffer text(mbuf_alloc(16384));
      Msg request = parsed(*slot, text.get());
      const Buffer printed(mbuf_alloc(16384));
      require(request && print(*slot, *request, printed.get()), "re", "print", *slot);
      require_answer({reinterpret_cast<const char*>(printed->buf), printed->end}, "re", *slot);
      made.push_back({slot, std::move(text), std::move(request)});
    }
    return made;
  }();
  return out;
}

const sip_msg& request_of(const Slot& slot) {
  for (const Built& one : built())
    if (one.slot == &slot) return *one.request;
  std::abort();
}

void check(const Slot& slot) {
  const Msg message = typed(slot, buffer());
  require(message != nullptr, "re", "parse", slot);
  require(message->req == slot.is_request(), "re", "start line", slot);
  require(pl_isset(&message->via.branch), "re", "Via", slot);
  require(std::string_view(message->from.uri.host.p, message->from.uri.host.l).starts_with("example."), "re", "From",
          slot);
  require(slot.name != "1_invite_big" || sip_msg_hdr_count(message.get(), SIP_HDR_VIA) == 5, "re", "Via lines", slot);
}

}  // namespace

void register_re() {
  for (const Slot* slot : all()) check(*slot);
  measure("re", "routing", all(), routing);
  measure("re", "full", all(), full);
  measure("re", "sdp", all(), sdp);
  measure("re", "print", requests(), [](Slot& slot) { return print(slot, request_of(slot), buffer()); });
  measure("re", "build_print", requests(), [](Slot& slot) {
    const Buffer out(mbuf_alloc(2048));  // the size that its transport takes
    return print(slot, request_of(slot), out.get());
  });
}

}  // namespace peal_bench
