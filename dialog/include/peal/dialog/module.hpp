#pragma once

#include <peal/message/export.hpp>
#include <peal/message/message.hpp>
#include <peal/transaction/transaction_layer.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

class UaCore;
class Dialog;
class InviteSession;
class SessionExtension;

/// How a dialog treats a method. No floor names a module's method; these traits say what it needs to know.
struct MethodTraits {
  Method name;
  bool creates_dialog = false;
  bool creates_usage = false;
  bool target_refresh = false;  ///< RFC 3261 §12.2
  bool carries_offer = false;
  bool in_dialog = true;
  bool out_of_dialog = true;
};

/// What a module adds. `Allow`, `Supported`, `Accept`, `Allow-Events` and the 405, 415, 420, 421, 489 answers follow
/// from the union.
struct Capabilities {
  std::vector<MethodTraits> methods;
  std::vector<std::string_view> option_tags;
  std::vector<std::string_view> event_packages;
  std::vector<std::string_view> body_types;  ///< "application/sdp"
};

/// What a module says about a request.
struct Verdict {
  enum class Kind : std::uint8_t { proceed, hold, retry, take, reject };
  Kind kind = Kind::proceed;
  std::uint16_t code = 0;  ///< of reject
  static constexpr Verdict proceed() { return {}; }
  static constexpr Verdict take() { return {Kind::take, 0}; }
  static constexpr Verdict reject(std::uint16_t code) { return {Kind::reject, code}; }
};

/// A request that waits for its answer. A handle: copy it freely; the answer counts once.
class PEAL_API IncomingRequest {
 public:
  IncomingRequest(UaCore& core, transaction::ServerId id, const Request& request, const transport::Flow& flow) noexcept
      : core_(&core), id_(id), request_(&request), flow_(flow) {}
  [[nodiscard]] const Request& request() const noexcept {
    return *request_;
  }  ///< valid during the upcall; copy to keep
  [[nodiscard]] const transport::Flow& flow() const noexcept { return flow_; }
  [[nodiscard]] transaction::ServerId id() const noexcept { return id_; }
  [[nodiscard]] UaCore& core() const noexcept { return *core_; }
  /// Starts a response with To tag, Allow and the like as the code wants them; send it by `UaCore::respond`.
  [[nodiscard]] Response make_response(StatusCode code) const;

 private:
  UaCore* core_;
  transaction::ServerId id_;
  const Request* request_;
  transport::Flow flow_;
};

/// What a module may use of the stack. Owner's thread.
class ModuleHost {
 public:
  virtual ~ModuleHost() = default;
  virtual UaCore& core() = 0;
  virtual transport::Runtime& runtime() = 0;
  virtual transport::TransportLayer& transport() = 0;
};

/// The whole contract of a method module, its SIP half (LAYOUT: how REFER plugs in). Installed on a UaCore that owns
/// it.
class PEAL_API Module {
 public:
  virtual ~Module() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual const Capabilities& capabilities() const = 0;
  virtual void attach(ModuleHost& host) { (void)host; }
  virtual void detach() {}
  /// For each INVITE session; nullptr when it has no part in it. The module keeps ownership.
  virtual SessionExtension* extend(InviteSession& session) {
    (void)session;
    return nullptr;
  }
  /// A request outside a dialog, of a method that this module brings.
  virtual Verdict on_request(const IncomingRequest& request) {
    (void)request;
    return Verdict::reject(405);
  }
  /// A request inside a dialog, of a method that this module brings and no usage took.
  virtual Verdict on_request(Dialog& dialog, const IncomingRequest& request) {
    (void)dialog;
    (void)request;
    return Verdict::reject(405);
  }
};

}  // namespace peal::inline v0::dialog
