#pragma once

#include <peal/dialog/credentials.hpp>
#include <peal/dialog/module.hpp>
#include <peal/message/export.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0 {

/// How a Registrar is made.
struct RegistrarConfig {
  RegistrarConfig() = default;
  /// The domains it serves, "example.com" or "example.com:5070", beside the addresses on which the UserAgent listens.
  std::vector<std::string> domains;
  std::string realm;  ///< of challenges; empty: the first domain, or "peal"
  /// Who may register, and call: `username` and `password` or `ha1`. Empty: everybody, unchallenged.
  std::vector<Credentials> users;
  bool authenticate_calls = true;        ///< 407 for requests out of dialog; off: only REGISTER is challenged
  std::chrono::seconds min_expires{60};  ///< less is answered 423 (RFC 3261 §10.3)
  std::chrono::seconds default_expires{3600};
  std::chrono::seconds max_expires{7200};  ///< more is shortened
  std::size_t max_bindings = 10;           ///< of one address of record; more are answered 503
  std::size_t max_addresses = 100'000;     ///< addresses of record with bindings
};

/// One contact of an address of record.
struct RegistrarBinding {
  Uri contact;
  std::string q;                    ///< "" or as it came
  std::chrono::seconds expires{0};  ///< from now
  std::string call_id;
  std::uint32_t cseq = 0;
};

/// What a Registrar has done.
struct RegistrarCounters {
  std::size_t addresses = 0;     ///< live
  std::size_t bindings = 0;      ///< live
  std::uint64_t registered = 0;  ///< REGISTERs answered 200
  std::uint64_t challenged = 0;
  std::uint64_t forwarded_requests = 0;
  std::uint64_t forwarded_responses = 0;
  std::uint64_t refused = 0;  ///< requests answered by the forwarder itself, 407 apart
};

/// Registrar (RFC 3261 §10.3), location service in memory, and stateless forwarder (§16.11) for the domains it serves,
/// so that phones that register here can call each other. Not for production as it is: bindings are lost at the end of
/// the program.
///
///     UserAgent server(io, {.listen = {"udp:0.0.0.0:5060"}});
///     RegistrarConfig config;
///     config.domains = {"example.com"};
///     server.install<Registrar>(config);
///
/// A request is forwarded when its Request-URI names a user of these domains who is registered, or when it follows a
/// route that this forwarder recorded (it is no open relay). It forwards to one contact: the highest q, then the latest
/// to appear. It keeps its place in the dialog by Record-Route. Owner's thread.
class PEAL_API Registrar final : public dialog::Module {
 public:
  explicit Registrar(RegistrarConfig config = {});
  ~Registrar() override;

  /// The bindings of an address of record, "sip:alice@example.com", best first.
  [[nodiscard]] std::vector<RegistrarBinding> bindings(std::string_view aor) const;
  [[nodiscard]] RegistrarCounters counters() const;

  [[nodiscard]] std::string_view name() const override { return "registrar"; }
  [[nodiscard]] const dialog::Capabilities& capabilities() const override;
  void attach(dialog::ModuleHost& host) override;
  void detach() override;
  using Module::on_request;
  dialog::Verdict on_request(const dialog::IncomingRequest& request) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0
