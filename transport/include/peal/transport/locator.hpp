#pragma once

#include <peal/message/export.hpp>
#include <peal/message/uri.hpp>
#include <peal/transport/runtime.hpp>

#include <memory>
#include <system_error>
#include <vector>

namespace peal::inline v0::transport {

/// Finds where a URI leads (RFC 3263): literals at once, names by the Network. Destroying it cancels.
/// NAPTR and SRV join here.
class PEAL_API Locator {
 public:
  using Done = UniqueFunction<void(std::vector<Target>, std::error_code)>;

  explicit Locator(Runtime& runtime);
  ~Locator();
  Locator(const Locator&) = delete;
  Locator& operator=(const Locator&) = delete;

  /// Targets in the order to try. A literal host is answered before `locate` returns: `done` is not called, the targets
  /// are returned. Otherwise returns an empty list and calls `done` once in a later turn. errc::unresolvable, blocked,
  /// unsupported_protocol.
  Result<std::vector<Target>> locate(const UriView& uri, Done done);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace peal::inline v0::transport
