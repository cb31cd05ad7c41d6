#include <peal/transport/error.hpp>

#include <peal/transport/cause.hpp>
#include <peal/transport/counters.hpp>

#include <string>

namespace peal::inline v0 {

std::string_view name_of(Layer layer) noexcept {
  switch (layer) {
    case Layer::local: return "local";
    case Layer::sip: return "sip";
    case Layer::transaction: return "transaction";
    case Layer::transport: return "transport";
    case Layer::tls: return "tls";
    case Layer::dns: return "dns";
    case Layer::timer: return "timer";
  }
  return "unknown";
}

namespace transport {
namespace {

class Category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "peal.transport"; }
  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::no_listen_point: return "no listening point for that protocol and address family";
      case errc::unreachable: return "the peer cannot be reached";
      case errc::too_large: return "the message is larger than a datagram can carry";
      case errc::closed: return "the flow is closed";
      case errc::unresolvable: return "the host name has no address";
      case errc::unsupported_protocol: return "the transport protocol is not supported";
      case errc::blocked: return "the URI may not be reached this way";
    }
    return "unknown transport error";
  }
};

}  // namespace

const std::error_category& category() noexcept {
  static const Category instance;
  return instance;
}

std::string_view name_of(Drop reason) noexcept {
  switch (reason) {
    case Drop::empty: return "empty";
    case Drop::garbage: return "garbage";
    case Drop::truncated: return "truncated";
    case Drop::bad_request: return "bad_request";
    case Drop::bad_response: return "bad_response";
    case Drop::wrong_sent_by: return "wrong_sent_by";
    case Drop::stray_response: return "stray_response";
    case Drop::stray_ack: return "stray_ack";
    case Drop::stray_cancel: return "stray_cancel";
    case Drop::retransmission: return "retransmission";
    case Drop::overload: return "overload";
    case Drop::wrong_thread_turn: return "wrong_thread_turn";
    case Drop::unsendable: return "unsendable";
    case Drop::shed: return "shed";
    case Drop::no_room: return "no_room";
    case Drop::count: break;
  }
  return "unknown";
}

}  // namespace transport
}  // namespace peal::inline v0
