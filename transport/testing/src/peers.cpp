// What all peers on tap share, and those that only answer.
#include <peal/testing/peers.hpp>

#include "peer_text.hpp"

#include <peal/transport/random_source.hpp>

#include <utility>

namespace peal::inline v0::sim {

// ---- what a peer reads

std::string branch_of(std::string_view message) {
  const auto via = header_of(message, "Via");
  const auto branch = via ? param_of(*via, "branch") : std::nullopt;
  return branch.value_or(std::string());
}

std::string method_in_cseq(std::string_view message) {
  const auto cseq = header_of(message, "CSeq").value_or(std::string());
  const auto blank = cseq.rfind(' ');
  return blank == std::string::npos ? std::string() : cseq.substr(blank + 1);
}

// ---- TapPeer

TapPeer::TapPeer(Simulator& sim, Host& host, std::uint16_t port)
    : sim_(sim), raw_(sim, host, port), alive_(std::make_shared<int>(0)) {}
TapPeer::~TapPeer() = default;
void TapPeer::stop() noexcept { alive_ = std::make_shared<int>(0); }

void TapPeer::later(Duration delay, UniqueFunction<void()> task) {
  sim_.after(delay, [watch = std::weak_ptr<int>(alive_), task = std::move(task)]() mutable {
    if (!watch.expired()) task();
  });
}

std::string TapPeer::token() { return raw_.host().runtime().random().token(16); }

Ask TapPeer::new_request(std::string_view method, const Endpoint& to, const Endpoint& from) {
  const auto source = (from.address.empty() ? endpoint() : from).to_string();
  Ask ask;
  ask.method = method;
  ask.uri = "sip:victim@" + to.to_string();
  ask.via = "SIP/2.0/UDP " + source + ";branch=z9hG4bK" + token();
  ask.from = "<sip:peer@" + source + ">;tag=" + token();
  ask.to = "<sip:victim@" + to.to_string() + ">";
  ask.call_id = token();
  ask.lines = {"Contact: <sip:peer@" + source + ">"};
  return ask;
}

// ---- HostileChallenger

HostileChallenger::HostileChallenger(Simulator& sim, Host& host, ChallengerOptions options)
    : TapPeer(sim, host, options.port), options_(std::move(options)) {
  raw_.on("ACK", [this](RawPeer&, const RawMessage&) { ++acks_; });
  raw_.on("CANCEL", [](RawPeer& peer, const RawMessage& cancel) { peer.answer(cancel, {.to_tag = "challenger"}); });
  raw_.on("", [this](RawPeer&, const RawMessage& message) {
    if (status_of(message.text) == 0) challenge(message);
  });
}

void HostileChallenger::challenge(const RawMessage& request) {
  if (header_of(request.text, "Authorization") || header_of(request.text, "Proxy-Authorization")) ++with_credentials_;
  Answer answer{.code = options_.code, .to_tag = "challenger"};
  for (std::size_t i = 0; i < options_.challenges; ++i) {
    auto line = std::string(options_.code == 407 ? "Proxy-Authenticate" : "WWW-Authenticate") + ": Digest realm=\"";
    line += options_.new_realm ? token() : "realm-" + std::to_string(i);
    line += std::string(options_.padding, 'x') + "\", nonce=\"" + token() + "\", qop=\"auth\"";
    if (!options_.algorithm.empty()) line += ", algorithm=" + options_.algorithm;
    if (options_.stale) line += ", stale=true";
    answer.lines.push_back(std::move(line));
  }
  raw_.answer(request, answer);
  ++challenged_;
}

// ---- Reflector

Reflector::Reflector(Simulator& sim, Host& host, ReflectorOptions options)
    : TapPeer(sim, host, options.port), options_(options) {
  raw_.on("", [this](RawPeer&, const RawMessage& message) { reflect(message); });
}

/// A copy gets the branch that the first one got, as a stateless proxy's would (RFC 3261 §16.11).
void Reflector::reflect(const RawMessage& message) {
  const bool request = status_of(message.text) == 0;
  ++(request ? requests_ : responses_);
  if (!request && !options_.responses) return;
  auto text = message.text;
  const auto first_line = text.find("\r\n");
  if (options_.own_via && first_line != std::string::npos) {
    if (request) {
      text.insert(first_line + 2, "Via: SIP/2.0/UDP " + endpoint().to_string() + ";branch=z9hG4bKreflected" +
                                      branch_of(message.text) + "\r\n");
    } else if (const auto via = text.find("\r\nVia:"); via != std::string::npos) {
      text.erase(via, text.find("\r\n", via + 2) - via);
    }
  }
  raw_.send(text, message.from);
  ++reflected_;
}

// ---- RingsAfterCancel

RingsAfterCancel::RingsAfterCancel(Simulator& sim, Host& host, RingsAfterCancelOptions options)
    : TapPeer(sim, host, options.port), options_(options) {
  raw_.on("INVITE", [this](RawPeer&, const RawMessage& invite) { hear_invite(invite); });
  raw_.on("CANCEL", [this](RawPeer&, const RawMessage& cancel) { hear_cancel(cancel); });
  raw_.on("ACK", [this](RawPeer&, const RawMessage& ack) {
    ++acks_;
    for (auto& [branch, call] : calls_) {
      if (header_of(call.invite.text, "Call-ID") == header_of(ack.text, "Call-ID")) call.acked = true;
    }
  });
  raw_.on("BYE", [this](RawPeer& peer, const RawMessage& bye) {
    ++byes_;
    peer.answer(bye, {});
  });
  raw_.on("", [](RawPeer&, const RawMessage&) {});
}

void RingsAfterCancel::hear_invite(const RawMessage& invite) {
  if (!calls_.try_emplace(branch_of(invite.text), Call{invite, false, false}).second) return;
  raw_.answer(invite, {.code = 180, .to_tag = "ringing"});
}

void RingsAfterCancel::hear_cancel(const RawMessage& cancel) {
  ++cancels_;
  const auto branch = branch_of(cancel.text);
  const auto call = calls_.find(branch);
  if (call == calls_.end()) return raw_.answer(cancel, {.code = 481, .to_tag = "ringing"});
  raw_.answer(cancel, {.to_tag = "ringing"});
  if (std::exchange(call->second.cancelled, true)) return;
  later(options_.every, [this, branch] { ring_on(branch, options_.rings); });
}

void RingsAfterCancel::ring_on(const std::string& branch, std::size_t left) {
  if (left == 0) return finish(branch);
  raw_.answer(calls_.at(branch).invite, {.code = 180, .to_tag = "ringing-on-" + std::to_string(++rung_after_)});
  later(options_.every, [this, branch, left] { ring_on(branch, left - 1); });
}

void RingsAfterCancel::finish(const std::string& branch) {
  if (options_.end == AfterCancel::silence) return;
  answer_again(branch, std::chrono::milliseconds(500), 10);
}

/// Timers G and H, or what §13.3.1.4 has the UAS core do.
void RingsAfterCancel::answer_again(const std::string& branch, Duration after, int left) {
  const auto& call = calls_.at(branch);
  if (call.acked || left == 0) return;
  if (options_.end == AfterCancel::answered)
    raw_.answer(call.invite, {.to_tag = "answered",
                              .lines = {"Contact: <sip:peer@" + endpoint().to_string() + ">"},
                              .content_type = {},
                              .body = {}});
  else
    raw_.answer(call.invite, {.code = 487, .to_tag = "ringing"});
  later(after, [this, branch, after, left] {
    answer_again(branch, std::min<Duration>(after * 2, std::chrono::seconds(4)), left - 1);
  });
}

}  // namespace peal::inline v0::sim
