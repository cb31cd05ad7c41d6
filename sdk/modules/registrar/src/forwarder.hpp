#pragma once

#include "domains.hpp"
#include "keyed_hash.hpp"
#include "location.hpp"

#include <peal/dialog/digest_server.hpp>
#include <peal/dialog/module.hpp>
#include <peal/transport/locator.hpp>
#include <peal/transport/transport_layer.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace peal::inline v0::registrar {

/// Lets a request pass, or asks who sends it.
class Gate {
 public:
  virtual ~Gate() = default;
  enum class Answer : std::uint8_t { pass, challenge, stale, forbidden, bad };
  /// Who sends this request out of a dialog? By Proxy-Authorization.
  virtual Answer admit(const Request& request) = 0;
  virtual void challenge(Response& response, bool stale) = 0;
  [[nodiscard]] virtual std::string_view realm() const = 0;
};

/// A stateless proxy (RFC 3261 §16.11): nothing is kept of a request once it is sent on, and the same request, its
/// CANCEL and its ACK take the same way with the same branch.
class Forwarder final : public transport::Interceptor {
 public:
  Forwarder(dialog::ModuleHost& host, const Domains& domains, const Location& location, Gate* gate,
            RegistrarCounters& counters);

 private:
  struct Plan;
  bool on_request(const Request& request, const transport::Flow& flow) override;
  bool on_response(const Response& response, const transport::Flow& flow) override;

  void follow_routes(Plan& plan) const;
  [[nodiscard]] bool recorded_by_us(const UriView& route, std::string_view call_id) const;
  [[nodiscard]] int problem_of(const Plan& plan) const;
  [[nodiscard]] bool admitted(const Request& request, const transport::Flow& flow, bool relayed);
  void forward(Plan plan, const transport::Flow& flow);
  void send(Request request, const transport::Target& target, const std::string& branch, const transport::Flow& flow);
  void refuse(const Request& request, const transport::Flow& flow, int code);
  void answer(const Response& response, const transport::Flow& flow);

  [[nodiscard]] std::string unique_part(const Request& request) const;
  [[nodiscard]] std::string loop_part(const Request& request) const;
  [[nodiscard]] std::string to_tag(const Request& request) const;

  transport::TransportLayer& transport_;
  const Domains& domains_;
  const Location& location_;
  Gate* gate_;  // nullptr: everybody may call
  RegistrarCounters& counters_;
  KeyedHash hash_;
  transport::Locator locator_;
  std::size_t waiting_ = 0;  // requests whose next hop is being looked up
};

}  // namespace peal::inline v0::registrar
