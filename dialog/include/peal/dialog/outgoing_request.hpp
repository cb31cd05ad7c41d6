#pragma once

#include <peal/dialog/credentials.hpp>
#include <peal/message/export.hpp>
#include <peal/message/message.hpp>
#include <peal/transport/cause.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace peal::inline v0::dialog {

class UaCore;

/// Hears what one request brought.
class OutgoingUser {
 public:
  virtual ~OutgoingUser() = default;
  virtual void on_provisional(const Response& response) { (void)response; }
  /// Once: the final response (after authentication and failover), or nullptr and the cause when there was none. Last
  /// upcall. A 401 or 407 that could not be answered comes with a cause of Layer::local whose `error` says why
  /// (no_credentials, auth_rejected, auth_loop). Never from within UaCore::send.
  virtual void on_final(const Response* response, const Cause& cause) = 0;
};

struct RequestOptions {
  CredentialSource* credentials = nullptr;  ///< must live as long as the request
  std::vector<NameAddr> routes;             ///< pre-loaded Route set (§8.1.2); empty: none
  bool add_contact = false;                 ///< put a Contact made from the local address of the target that is tried
  std::string contact_user;                 ///< its user part
};

/// A request outside a dialog, in flight: located (RFC 3263), sent, authenticated (§22), failed over. Destroying it
/// abandons it: nothing more is heard. Not INVITE (see UaCore::invite). Made by UaCore::send.
class PEAL_API OutgoingRequest {
 public:
  virtual ~OutgoingRequest();
  OutgoingRequest(const OutgoingRequest&) = delete;
  OutgoingRequest& operator=(const OutgoingRequest&) = delete;
  /// The request as it was sent last (with Contact, credentials, CSeq).
  [[nodiscard]] virtual const Request& request() const noexcept = 0;

 protected:
  OutgoingRequest() = default;
};

}  // namespace peal::inline v0::dialog
