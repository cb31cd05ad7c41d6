// The peers on tap that begin by themselves.
#include <peal/testing/peers.hpp>

#include "peer_text.hpp"

#include <peal/transport/random_source.hpp>

#include <algorithm>
#include <utility>

namespace peal::inline v0::sim {

namespace {

constexpr Duration t1 = std::chrono::milliseconds(500);

}  // namespace

// ---- Flooder

Flooder::Flooder(Simulator& sim, Host& host, FlooderOptions options)
    : TapPeer(sim, host, options.port), options_(std::move(options)) {
  raw_.on("", [this](RawPeer&, const RawMessage& message) {
    if (const int code = status_of(message.text); code != 0) ++answers_[code];
  });
}

void Flooder::start(const Endpoint& target) {
  target_ = target;
  begun_ = sim_.now();
  sent_ = 0;
  call_id_ = token();
  tag_ = token();
  next();
}

void Flooder::next() {
  Endpoint from = endpoint();
  if (options_.spoofed_ports) {
    from.port = next_port_;
    next_port_ = next_port_ >= 60000 ? std::uint16_t{20000} : static_cast<std::uint16_t>(next_port_ + 1);
  }
  auto ask = new_request(options_.method, target_, from);
  if (options_.same_call_id) {
    ask.call_id = call_id_;
    ask.from = "<sip:peer@" + from.to_string() + ">;tag=" + tag_;
    ask.cseq = static_cast<unsigned>(sent_ + 1);
  }
  const auto text = options_.garbage ? garbage() : request_text(ask);
  send(text, from);
  ++sent_;
  for (std::size_t i = 1; i <= options_.copies; ++i) {
    later(t1 * static_cast<int>(i), [this, text, from] {
      send(text, from);
      ++copies_;
    });
  }
  if (sent_ == options_.limit) return;
  const std::chrono::duration<double> due(static_cast<double>(sent_) / options_.per_second);
  later(std::max(begun_ + std::chrono::duration_cast<Duration>(due) - sim_.now(), Duration(1)), [this] { next(); });
}

/// A spoofed source is a socket that is closed before any answer comes.
void Flooder::send(const std::string& text, const Endpoint& from) {
  struct Nobody final : transport::DatagramSink {
    void on_datagram(const transport::Datagram&) override {}
    void on_unreachable(const Endpoint&, std::error_code) override {}
  } nobody;
  if (from == endpoint()) return raw_.send(text, target_);
  const auto socket = raw_.host().runtime().network().open_datagram(from, nobody);
  if (socket) (*socket)->send(transport::SharedBytes(text), target_);
}

std::string Flooder::garbage() {
  auto& random = raw_.host().runtime().random();
  std::string out(1 + static_cast<std::size_t>(random.below(600)), '\0');
  random.fill(std::as_writable_bytes(std::span(out)));
  return out;
}

// ---- SlowLoris

SlowLoris::SlowLoris(Simulator& sim, Host& host, SlowLorisOptions options)
    : TapPeer(sim, host, options.port), options_(options) {
  raw_.on("INVITE", [this](RawPeer&, const RawMessage& invite) {
    if (ringing_.try_emplace(branch_of(invite.text), true).second) ring(std::make_shared<const RawMessage>(invite));
  });
  raw_.on("CANCEL", [this](RawPeer&, const RawMessage&) { ++cancels_; });
  raw_.on("", [this](RawPeer&, const RawMessage& message) {
    if (const int code = status_of(message.text); code >= 200) ++finals_[code];
  });
}

void SlowLoris::start(const Endpoint& target) {
  target_ = target;
  open();
}

void SlowLoris::open() {
  const auto invite = std::make_shared<const std::string>(request_text(new_request("INVITE", target_)));
  raw_.send(*invite, target_);
  later(options_.resend, [this, invite] { repeat(invite); });
  if (++opened_ != options_.limit) later(options_.every, [this] { open(); });
}

void SlowLoris::repeat(std::shared_ptr<const std::string> invite) {
  raw_.send(*invite, target_);
  ++copies_;
  later(options_.resend, [this, invite = std::move(invite)] { repeat(invite); });
}

void SlowLoris::ring(std::shared_ptr<const RawMessage> invite) {
  raw_.answer(*invite, {.code = 180, .to_tag = "slow"});
  ++rung_;
  later(options_.every, [this, invite = std::move(invite)] { ring(invite); });
}

// ---- NeverAcks

NeverAcks::NeverAcks(Simulator& sim, Host& host, NeverAcksOptions options)
    : TapPeer(sim, host, options.port), options_(std::move(options)) {
  raw_.on("BYE", [this](RawPeer& peer, const RawMessage& bye) {
    ++byes_;
    if (options_.answers_bye) peer.answer(bye, {});
  });
  raw_.on("", [this](RawPeer&, const RawMessage& message) { hear(message); });
}

void NeverAcks::call(const Endpoint& target) {
  auto ask = new_request("INVITE", target);
  ask.lines.insert(ask.lines.end(), options_.lines.begin(), options_.lines.end());
  ask.body = options_.sdp;
  if (!ask.body.empty()) ask.content_type = "application/sdp";
  const auto invite = std::make_shared<const std::string>(request_text(ask));
  const auto branch = branch_of(*invite);
  calls_[branch] = {};
  raw_.send(*invite, target);
  repeat(branch, invite, target, t1, 6);
}

void NeverAcks::repeat(const std::string& branch, std::shared_ptr<const std::string> invite, const Endpoint& target,
                       Duration after, int left) {
  if (left == 0) return;
  later(after, [this, branch, invite = std::move(invite), target, after, left] {
    if (calls_[branch].answered) return;
    raw_.send(*invite, target);
    repeat(branch, invite, target, after * 2, left - 1);
  });
}

void NeverAcks::hear(const RawMessage& response) {
  const int code = status_of(response.text);
  const auto call = calls_.find(branch_of(response.text));
  if (code == 0 || call == calls_.end() || method_in_cseq(response.text) != "INVITE") return;
  call->second.answered = true;
  if (code < 200) return;
  if (std::exchange(call->second.over, true))
    ++final_copies_;
  else
    ++finals_[code];
}

}  // namespace peal::inline v0::sim
