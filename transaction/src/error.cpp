#include <peal/transaction/error.hpp>

#include <string>

namespace peal::inline v0::transaction {

namespace {

class Category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "peal.transaction"; }
  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::timed_out: return "no answer in time";
      case errc::transport_failed: return "the message could not be sent";
      case errc::no_transaction: return "no such transaction";
      case errc::wrong_state: return "not possible in this state of the transaction";
      case errc::limit_reached: return "too many transactions";
      case errc::cancelled_unanswered: return "cancelled, and no final response came";
      case errc::not_allowed: return "RFC 4320 forbids this response";
    }
    return "unknown error";
  }
};

}  // namespace

const std::error_category& category() noexcept {
  static const Category instance;
  return instance;
}

}  // namespace peal::inline v0::transaction
