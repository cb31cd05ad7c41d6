#pragma once

#include <peal/message/export.hpp>
#include <peal/testing/nat.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The test language: lines that read top to bottom, each of which runs the simulator until what it says has come true
/// or its time is over.
///
///     expect(bob).to_receive("INVITE").from(alice).with("Contact", "<sip:*@192.0.2.1*>");
///     expect(bob).to_send("180");
///     expect(bob).to_send("200 to INVITE").not_before(2s).within(3s);
///     const auto bye = expect(bob).to_receive("BYE").within(20s).message();
///     expect(bob).not_to_receive("INVITE").within(10s);
///
/// It watches the wire, so it serves any stack. A line is evaluated where its full expression ends, or when `message`,
/// `holds` … asks for it; it never throws. One that does not hold calls Simulator::fail: the test fails at that line,
/// with what was heard instead, the ladder, the seed, and a capture.
namespace peal::inline v0::sim {

/// Who sends and receives: a host, one of its ports, a peer. As sender of what another one receives a host is known
/// through NATs too (then its ports do not count); `to(host)` goes by the address.
class PEAL_API Participant {
 public:
  Participant(const Host& host);     // NOLINT(google-explicit-constructor): `expect(host)`, `.from(host)`
  Participant(const RawPeer& peer);  // NOLINT(google-explicit-constructor)
  Participant(const Nat& nat);       // NOLINT(google-explicit-constructor): only as the other end, `.from(nat)`
  /// What uses these ports on that host; none: the whole host.
  Participant(const Host& host, std::vector<std::uint16_t> ports, std::string name = {});

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] Simulator& simulator() const noexcept { return *sim_; }
  /// `whose`: the host that has it, where that is known; otherwise, and for a NAT, the address decides.
  [[nodiscard]] bool owns(const Endpoint& endpoint, const Host* whose = nullptr) const noexcept;
  /// What its place in the conversation is kept under.
  [[nodiscard]] const std::string& key() const noexcept { return key_; }

 private:
  Simulator* sim_ = nullptr;
  const Host* host_ = nullptr;
  std::vector<IpAddress> addresses_;
  std::vector<std::uint16_t> ports_;
  std::string name_;
  std::string key_;
};

/// A line about messages, with what further is asked of them.
///
/// Each participant has a place in the conversation: behind the message that its last line matched. A line looks from
/// there on, also at what has come already; one that says "not" leaves the place where it is. Durations count from the
/// moment at which the line is reached.
class PEAL_API MessageExpectation {
 public:
  ~MessageExpectation();
  MessageExpectation(const MessageExpectation&) = delete;
  MessageExpectation& operator=(const MessageExpectation&) = delete;

  /// The other end, of a received or a sent message. Several: any of them.
  MessageExpectation& from(const Participant& sender);
  MessageExpectation& to(const Participant& receiver);
  /// A header line of that name, or its compact form, whose value fits: `*` stands for any text. Without a pattern:
  /// any.
  MessageExpectation& with(std::string_view header, std::string_view pattern);
  MessageExpectation& with(std::string_view header);
  MessageExpectation& without(std::string_view header);
  /// Somewhere in the body; `*` stands for any text. Without: a body that is not empty.
  MessageExpectation& with_body(std::string_view pattern = {});
  MessageExpectation& without_body();

  /// It comes at most that much later than now; default: 32 s. Of a line with "not": how long it must not come;
  /// default: only what has come already is looked at.
  MessageExpectation& within(Duration limit);
  /// It comes at least that much later than now.
  MessageExpectation& not_before(Duration least);
  /// Exactly that many come, so the whole time is waited for.
  MessageExpectation& times(std::size_t count);
  /// That many come; the line ends with the last of them.
  MessageExpectation& at_least(std::size_t count);

  /// Evaluates now. Has it held?
  bool holds() const;
  explicit operator bool() const { return holds(); }
  /// Evaluates now. The message that matched (with `times`, the last); an empty one when it has not held.
  [[nodiscard]] RawMessage message() const;
  /// All that matched, in order.
  [[nodiscard]] std::vector<RawMessage> messages() const;

 private:
  friend class WireSubject;
  struct State;
  explicit MessageExpectation(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// `expect(bob)`: what may be expected of whoever is on the wire.
class PEAL_API WireSubject {
 public:
  WireSubject(Participant who, SourceLine where);

  /// `start`: a method ("INVITE"), a status ("200", "18x", "2xx"), a status and what it answers ("200 to BYE"), or with
  /// a blank in it how the start line begins ("INVITE sip:bob@", "486 Busy"). Empty: anything.
  MessageExpectation to_receive(std::string_view start = {});
  MessageExpectation to_send(std::string_view start = {});
  MessageExpectation not_to_receive(std::string_view start = {});
  MessageExpectation not_to_send(std::string_view start = {});

 protected:
  [[nodiscard]] Simulator& simulator() const noexcept { return who_.simulator(); }
  [[nodiscard]] const Participant& who() const noexcept { return who_; }
  [[nodiscard]] SourceLine where() const noexcept { return where_; }

 private:
  MessageExpectation about(transport::Direction direction, std::string_view start, bool never);
  Participant who_;
  SourceLine where_;
};

/// Something of your own that is to become true, in the same words; what `expect(call)` is made of.
///
///     Eventually(sim, "the door opens", [&] { return door.open(); }).within(5s);
class PEAL_API Eventually {
 public:
  struct Wish {
    std::string what;                         ///< "bob's call to be established"
    UniqueFunction<bool()> holds;             ///< asked before and after each event
    UniqueFunction<std::string()> instead{};  ///< what is there when it does not hold
    UniqueFunction<std::string()> call_id{};  ///< whose ladder is shown; none: all
    UniqueFunction<bool()> hopeless{};        ///< true: it cannot come true any more
    bool never = false;                       ///< it must not come true within the time
    std::optional<Duration> usual_limit{};    ///< instead of the default of `within`
  };
  Eventually(Simulator& sim, Wish wish, SourceLine where = SourceLine::here());
  Eventually(Simulator& sim, std::string what, UniqueFunction<bool()> holds, SourceLine where = SourceLine::here());
  ~Eventually();
  Eventually(const Eventually&) = delete;
  Eventually& operator=(const Eventually&) = delete;

  /// Default: 32 s; with `never`: now.
  Eventually& within(Duration limit);
  Eventually& not_before(Duration least);
  bool holds() const;
  explicit operator bool() const { return holds(); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

inline WireSubject expect(const Host& host, SourceLine where = SourceLine::here()) { return {host, where}; }
inline WireSubject expect(const RawPeer& peer, SourceLine where = SourceLine::here()) { return {peer, where}; }

}  // namespace peal::inline v0::sim
