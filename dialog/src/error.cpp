#include <peal/dialog/error.hpp>

#include <string>

namespace peal::inline v0::dialog {
namespace {

class Category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "peal.dialog"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<errc>(code)) {
      case errc::wrong_state: return "not possible in this state";
      case errc::no_dialog: return "the dialog has ended";
      case errc::offer_pending: return "an offer still waits for its answer";
      case errc::no_media: return "there is no media to offer or to answer with";
      case errc::bad_sdp: return "the peer's session description cannot be used";
      case errc::no_credentials: return "challenged, and there are no credentials for the realm";
      case errc::auth_rejected: return "the credentials were refused";
      case errc::auth_loop: return "too many challenges";
      case errc::limit_reached: return "a configured limit was reached";
      case errc::request_pending: return "a request of either side is under way";
      case errc::no_target: return "there is no address to try";
      case errc::already_answered: return "already answered";
      case errc::unsupported_challenge: return "no challenge has an algorithm that is supported";
      case errc::no_ack: return "the 2xx was never acknowledged";
      case errc::bad_response: return "the peer's 2xx is not a proper message";
    }
    return "unknown error of the dialog floor";
  }
};

}  // namespace

const std::error_category& category() noexcept {
  static const Category category;
  return category;
}

}  // namespace peal::inline v0::dialog
