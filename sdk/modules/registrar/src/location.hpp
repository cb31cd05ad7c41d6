#pragma once

#include <peal/modules/registrar.hpp>
#include <peal/transport/timer_service.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace peal::inline v0::registrar {

using transport::TimePoint;

/// What one element of a REGISTER's Contact asks for.
struct Change {
  Uri contact;
  std::string q;
  std::chrono::seconds expires{0};  ///< 0: remove
};

/// The location service (RFC 3261 §10): address of record → contacts, each with its expiry. Owner's thread.
class Location {
 public:
  Location(transport::TimerService& timers, std::size_t max_bindings, std::size_t max_addresses)
      : timers_(timers), max_bindings_(max_bindings), max_addresses_(max_addresses) {}
  Location(const Location&) = delete;
  Location& operator=(const Location&) = delete;

  enum class Outcome : std::uint8_t { done, out_of_order, full };
  /// All of the changes or none (§10.3 step 7). out_of_order: a binding of the same Call-ID has this CSeq or a higher
  /// one.
  Outcome update(const std::string& aor, std::string_view call_id, std::uint32_t cseq,
                 const std::vector<Change>& changes);
  /// `Contact: *` (step 6).
  Outcome remove_all(const std::string& aor, std::string_view call_id, std::uint32_t cseq);

  /// Best first: the highest q, then the latest to appear (a refresh does not count: CANCEL must find what INVITE
  /// found).
  [[nodiscard]] std::vector<RegistrarBinding> find(const std::string& aor) const;

  [[nodiscard]] std::size_t addresses() const noexcept { return addresses_.size(); }
  [[nodiscard]] std::size_t bindings() const noexcept { return bindings_; }

 private:
  struct Binding {
    Binding(Location& owner, const std::string& of) : location(owner), aor(of) {}
    void on_expired() { location.expire(*this); }
    Location& location;
    const std::string aor;
    Uri contact;
    std::string q;
    std::string call_id;
    std::uint32_t cseq = 0;
    std::uint64_t age = 0;  // grows with each new binding
    TimePoint expires_at;
    transport::OwnedTimer<Binding, &Binding::on_expired> timer{*this};
  };
  using Bindings = std::vector<std::unique_ptr<Binding>>;
  void expire(Binding& binding);
  void remove(const std::string& aor, const UriView& contact);

  transport::TimerService& timers_;
  const std::size_t max_bindings_;
  const std::size_t max_addresses_;
  std::unordered_map<std::string, Bindings> addresses_;
  std::size_t bindings_ = 0;
  std::uint64_t next_age_ = 0;
};

}  // namespace peal::inline v0::registrar
