#pragma once

#include <peal/message/export.hpp>
#include <peal/testing/raw_message.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Peers on tap: what a stack meets when the other end is broken or means harm. Each is a bare socket on a host of the
/// simulator with a fixed habit, counts what it did, and draws its chance from its host. They share no code with the
/// stack. A peer stops when it is destroyed; what it has begun for ever keeps Simulator::run_until_idle from its end
/// until `stop`.
namespace peal::inline v0::sim {

/// What the peers have in common.
class PEAL_API TapPeer {
 public:
  TapPeer(const TapPeer&) = delete;
  TapPeer& operator=(const TapPeer&) = delete;
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return raw_.endpoint(); }
  [[nodiscard]] RawPeer& raw() noexcept { return raw_; }
  /// Does nothing more by itself. It still answers as it always does.
  void stop() noexcept;

 protected:
  TapPeer(Simulator& sim, Host& host, std::uint16_t port);
  ~TapPeer();
  /// Calls `task` after that long, unless the peer is stopped or gone by then.
  void later(Duration delay, UniqueFunction<void()> task);
  [[nodiscard]] std::string token();
  /// A request to `to` with a new branch, Call-ID and From tag, from `from` (its own endpoint when that is empty).
  [[nodiscard]] Ask new_request(std::string_view method, const Endpoint& to, const Endpoint& from = {});

  Simulator& sim_;
  RawPeer raw_;

 private:
  std::shared_ptr<int> alive_;
};

/// How a HostileChallenger asks.
struct ChallengerOptions {
  int code = 401;                 ///< or 407
  bool stale = false;             ///< says that only the nonce was too old (RFC 7616 §3.3)
  bool new_realm = false;         ///< another realm each time
  std::size_t challenges = 1;     ///< in one answer, each of a realm of its own
  std::string algorithm = "MD5";  ///< any text; empty: not named
  std::size_t padding = 0;        ///< so many bytes more in each realm
  std::uint16_t port = 5060;
};

/// Challenges every request but ACK and CANCEL, whatever credentials it has, with a new nonce each time. A stack that
/// answers each challenge never ends.
class PEAL_API HostileChallenger : public TapPeer {
 public:
  HostileChallenger(Simulator& sim, Host& host, ChallengerOptions options = {});
  [[nodiscard]] std::size_t challenged() const noexcept { return challenged_; }              ///< answers sent
  [[nodiscard]] std::size_t with_credentials() const noexcept { return with_credentials_; }  ///< requests that had some
  [[nodiscard]] std::size_t acks() const noexcept { return acks_; }

 private:
  void challenge(const RawMessage& request);
  ChallengerOptions options_;
  std::size_t challenged_ = 0;
  std::size_t with_credentials_ = 0;
  std::size_t acks_ = 0;
};

/// How a Reflector sends back.
struct ReflectorOptions {
  bool own_via = false;    ///< with a Via of its own on top, as a proxy that routes in a circle; otherwise unchanged
  bool responses = false;  ///< those too (without its Via); otherwise they end here
  std::uint16_t port = 5060;
};

/// Sends back to the sender what it receives, so that a stack meets its own requests, with its own tags and branch.
class PEAL_API Reflector : public TapPeer {
 public:
  Reflector(Simulator& sim, Host& host, ReflectorOptions options = {});
  [[nodiscard]] std::size_t requests() const noexcept { return requests_; }    ///< received, copies included
  [[nodiscard]] std::size_t responses() const noexcept { return responses_; }  ///< received
  [[nodiscard]] std::size_t reflected() const noexcept { return reflected_; }

 private:
  void reflect(const RawMessage& message);
  ReflectorOptions options_;
  std::size_t requests_ = 0;
  std::size_t responses_ = 0;
  std::size_t reflected_ = 0;
};

/// What a Flooder sends.
struct FlooderOptions {
  std::string method = "OPTIONS";
  double per_second = 1000;
  std::size_t limit = 0;       ///< stops after so many; 0: never
  bool same_call_id = false;   ///< one Call-ID and From tag for all; the branch is always new
  bool garbage = false;        ///< up to 600 random bytes instead of SIP
  bool spoofed_ports = false;  ///< each from another source port, at which nobody hears the answer
  std::size_t copies = 0;      ///< each is sent again so often, 500 ms apart
  std::uint16_t port = 5060;
};

/// Sends requests at a steady rate, each with a branch, Call-ID and From tag of its own, and never goes on with any:
/// no ACK, no CANCEL.
class PEAL_API Flooder : public TapPeer {
 public:
  Flooder(Simulator& sim, Host& host, FlooderOptions options = {});
  /// The first goes out now.
  void start(const Endpoint& target);
  [[nodiscard]] std::size_t sent() const noexcept { return sent_; }  ///< requests, without copies
  [[nodiscard]] std::size_t copies() const noexcept { return copies_; }
  /// Answers heard, copies included, by code. None when the ports are spoofed.
  [[nodiscard]] const std::map<int, std::size_t>& answers() const noexcept { return answers_; }

 private:
  void next();
  void send(const std::string& text, const Endpoint& from);
  [[nodiscard]] std::string garbage();
  FlooderOptions options_;
  Endpoint target_;
  TimePoint begun_;
  std::string call_id_;
  std::string tag_;
  std::uint16_t next_port_ = 20000;
  std::size_t sent_ = 0;
  std::size_t copies_ = 0;
  std::map<int, std::size_t> answers_;
};

/// How a SlowLoris takes its time.
struct SlowLorisOptions {
  Duration every = std::chrono::seconds(1);          ///< from one new INVITE to the next; and from one 1xx to the next
  Duration resend = std::chrono::milliseconds(500);  ///< from one copy of an INVITE to the next, for ever
  std::size_t limit = 100;                           ///< INVITEs opened
  std::uint16_t port = 5060;
};

/// Begins and never goes on. As UAC it opens one INVITE after the other, repeats all of them for ever, and never sends
/// ACK or CANCEL. As UAS it sends 180 for ever to whoever calls it, and never a final response, not even to a CANCEL.
/// (Bytes one at a time are a matter of streams, and come with them.)
class PEAL_API SlowLoris : public TapPeer {
 public:
  SlowLoris(Simulator& sim, Host& host, SlowLorisOptions options = {});
  /// As UAC. The first INVITE goes out now.
  void start(const Endpoint& target);
  [[nodiscard]] std::size_t opened() const noexcept { return opened_; }  ///< INVITEs, without copies
  [[nodiscard]] std::size_t copies() const noexcept { return copies_; }
  [[nodiscard]] std::size_t called() const noexcept { return ringing_.size(); }  ///< INVITEs received, without copies
  [[nodiscard]] std::size_t rung() const noexcept { return rung_; }              ///< 180s sent
  [[nodiscard]] std::size_t cancels() const noexcept { return cancels_; }        ///< received, copies included
  /// Final responses received, copies included, by code.
  [[nodiscard]] const std::map<int, std::size_t>& finals() const noexcept { return finals_; }

 private:
  void open();
  void repeat(std::shared_ptr<const std::string> invite);
  void ring(std::shared_ptr<const RawMessage> invite);
  SlowLorisOptions options_;
  Endpoint target_;
  std::size_t opened_ = 0;
  std::size_t copies_ = 0;
  std::size_t rung_ = 0;
  std::size_t cancels_ = 0;
  std::map<std::string, bool> ringing_;  // by branch
  std::map<int, std::size_t> finals_;
};

/// How NeverAcks behaves but for the ACK.
struct NeverAcksOptions {
  bool answers_bye = true;           ///< with 200; otherwise it is silent there too
  std::vector<std::string> lines{};  ///< further header lines of its INVITEs
  std::string sdp{};                 ///< offer in the INVITE; empty: none
  std::uint16_t port = 5060;
};

/// A caller that takes every answer, 2xx or 300–699, and never sends ACK.
class PEAL_API NeverAcks : public TapPeer {
 public:
  NeverAcks(Simulator& sim, Host& host, NeverAcksOptions options = {});
  /// Calls; the INVITE is repeated as Timer A says until a response comes.
  void call(const Endpoint& target);
  [[nodiscard]] std::size_t called() const noexcept { return calls_.size(); }
  /// Final responses to its INVITEs by code, the first of each call.
  [[nodiscard]] const std::map<int, std::size_t>& finals() const noexcept { return finals_; }
  [[nodiscard]] std::size_t final_copies() const noexcept { return final_copies_; }
  [[nodiscard]] std::size_t byes() const noexcept { return byes_; }  ///< received, copies included

 private:
  struct Call {
    bool answered = false;
    bool over = false;
  };
  void repeat(const std::string& branch, std::shared_ptr<const std::string> invite, const Endpoint& target,
              Duration after, int left);
  void hear(const RawMessage& response);
  NeverAcksOptions options_;
  std::map<std::string, Call> calls_;  // by branch
  std::map<int, std::size_t> finals_;
  std::size_t final_copies_ = 0;
  std::size_t byes_ = 0;
};

/// What RingsAfterCancel ends with.
enum class AfterCancel : std::uint8_t {
  terminated,  ///< 487, as it should
  silence,     ///< never a final response
  answered     ///< 200 to the INVITE after all, repeated until its ACK
};

/// How RingsAfterCancel rings.
struct RingsAfterCancelOptions {
  std::size_t rings = 5;                     ///< 180s after the CANCEL, of a new early dialog each (another To tag)
  Duration every = std::chrono::seconds(1);  ///< from one to the next, and before the end
  AfterCancel end = AfterCancel::terminated;
  std::uint16_t port = 5060;
};

/// Rings, answers a CANCEL with 200, and rings on.
class PEAL_API RingsAfterCancel : public TapPeer {
 public:
  RingsAfterCancel(Simulator& sim, Host& host, RingsAfterCancelOptions options = {});
  [[nodiscard]] std::size_t invites() const noexcept { return calls_.size(); }  ///< without copies
  [[nodiscard]] std::size_t cancels() const noexcept { return cancels_; }       ///< copies included
  [[nodiscard]] std::size_t rung_after() const noexcept { return rung_after_; }
  [[nodiscard]] std::size_t acks() const noexcept { return acks_; }
  [[nodiscard]] std::size_t byes() const noexcept { return byes_; }

 private:
  struct Call {
    RawMessage invite;
    bool cancelled = false;
    bool acked = false;
  };
  void hear_invite(const RawMessage& invite);
  void hear_cancel(const RawMessage& cancel);
  void ring_on(const std::string& branch, std::size_t left);
  void finish(const std::string& branch);
  void answer_again(const std::string& branch, Duration after, int left);
  RingsAfterCancelOptions options_;
  std::map<std::string, Call> calls_;  // by branch
  std::size_t cancels_ = 0;
  std::size_t rung_after_ = 0;
  std::size_t acks_ = 0;
  std::size_t byes_ = 0;
};

}  // namespace peal::inline v0::sim
