#pragma once

#include "auth_client.hpp"
#include "lifetime.hpp"

#include <peal/transaction/transaction_layer.hpp>
#include <peal/transport/cause.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0::dialog {

class Core;
class Flight;

/// Whoever has a request in flight.
class FlightUser {
 public:
  virtual ~FlightUser() = default;
  /// The first target is known, nothing is sent: `flight.go()` now or later. Never from within Flight::start.
  virtual void on_located(Flight& flight, const transport::Target& first);
  /// Before each attempt; may edit the request (Contact).
  virtual void before_attempt(Flight& flight, Request& request, const transport::Target& target);
  /// For a retry with credentials (§22.2): the next CSeq number.
  virtual std::uint32_t next_cseq(Flight& flight, std::uint32_t last);
  virtual void on_provisional(Flight& flight, const Response& response, const transport::Flow& flow) = 0;
  /// Once, the last upcall: the user may destroy the flight. No response: `cause` says why. Never from within a call of
  /// the user's.
  virtual void on_final(Flight& flight, const Response* response, const Cause& cause) = 0;
};

/// One request on its way (RFC 3261 §8.1.2–8.1.3): located, sent, authenticated, sent to the next target. Destroying it
/// abandons it; the transaction then goes on alone. Outcomes that a call of the user's brings about are told in a later
/// turn.
class Flight final : public transaction::ClientUser {
 public:
  Flight(Core& core, Request request, Uri next_hop, CredentialSource* credentials, FlightUser& user);
  ~Flight() override;
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  /// Looks for targets.
  void start();
  /// Sends to the first target. After on_located.
  void go();
  /// CANCEL (INVITE only). False: nothing is on the wire, the user may simply drop the flight.
  bool cancel(std::string_view reason);

  [[nodiscard]] Request& request() noexcept { return request_; }
  [[nodiscard]] const Request& request() const noexcept { return request_; }
  [[nodiscard]] bool sent() const noexcept { return static_cast<bool>(id_); }
  [[nodiscard]] bool provisional_seen() const noexcept { return provisional_; }

  void on_response(transaction::ClientId id, const Response& response, const transport::Flow& flow) override;
  void on_failure(transaction::ClientId id, const transaction::Failure& failure) override;

 private:
  void located(std::vector<transport::Target> targets, std::error_code error);
  bool choose();
  bool go_on_after(const transaction::Failure& failure);
  void count_on();
  void attempt();
  void challenged(const Response& response, const transport::Flow& flow);
  void answer_challenge(std::error_code error);
  void finish(const Response* response, const Cause& cause);
  void finish_later(std::unique_ptr<Response> response, Cause cause);
  [[nodiscard]] Cause cause_of(const Response& response, const transport::Flow& flow);
  [[nodiscard]] Cause cause_of_failure() const;
  [[nodiscard]] std::string scope() const;

  Core& core_;
  FlightUser& user_;
  Request request_;
  Uri next_hop_;
  AuthClient auth_;
  std::vector<transport::Target> targets_;
  std::size_t target_ = 0;
  transaction::ClientId id_;
  std::vector<Attempt> attempts_;
  std::error_code locate_error_;
  std::unique_ptr<Response> challenge_;  // kept while credentials are looked for
  transport::Endpoint peer_;
  bool provisional_ = false;
  bool cancelled_ = false;
  Lifetime lifetime_;
};

}  // namespace peal::inline v0::dialog
