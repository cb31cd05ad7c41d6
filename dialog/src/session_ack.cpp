#include "session_state.hpp"

#include <algorithm>

namespace peal::inline v0::dialog {
namespace {
constexpr std::size_t acks_kept = 16;  // forks and quick re-INVITEs within 64*T1
}

/// The ACK to a 2xx: of no transaction, kept to be repeated for each copy of the 2xx (RFC 3261 §13.2.2.4).
void Session::send_ack(const Dialog& dialog, std::uint32_t cseq, std::string_view sdp) {
  if (acks_.size() >= acks_kept) acks_.erase(acks_.begin());
  acks_.push_back({std::string(dialog.remote_tag()), cseq, std::nullopt});
  auto ack = dialog.make_ack(cseq);
  for (const auto& line : credentials_sent_) {
    const auto colon = line.find(": ");
    (void)ack.add(std::string_view(line).substr(0, colon), std::string_view(line).substr(colon + 2));
  }
  if (!sdp.empty())
    if (auto type = MediaType::parse("application/sdp")) ack.set_body(*type, sdp);
  core_.before_send(ack);
  const auto next_hop = dialog.next_hop();
  const auto send = [this](Request& request, const std::vector<transport::Target>& targets, std::string_view tag,
                           std::uint32_t number) {
    for (const auto& target : targets) {
      auto packet = core_.transactions().send_ack(request, target);
      if (!packet) continue;
      for (auto& sent : acks_)
        if (sent.cseq == number && sent.remote_tag == tag) sent.packet = std::move(*packet);
      return;
    }
  };
  // A name takes time. The session may be over by then, but the peer still wants its ACK: then the core alone is
  // needed.
  auto later = [&core = core_, alive = core_.lifetime().watch(), watch = lifetime_.watch(), ack, cseq, send,
                tag = std::string(dialog.remote_tag())](std::vector<transport::Target> targets,
                                                        std::error_code) mutable {
    if (watch.alive()) return send(ack, targets, tag, cseq);
    if (alive.alive() && !targets.empty()) (void)core.transactions().send_ack(ack, targets.front());
  };
  auto found = core_.locator().locate(next_hop.view(), std::move(later));
  if (found && !found->empty()) send(ack, *found, dialog.remote_tag(), cseq);
}

void Session::on_acks_old() { std::vector<SentAck>().swap(acks_); }

/// A copy of a 2xx, or the 2xx of another fork (RFC 6026 §7.2).
void Session::on_2xx(const Response& response, bool broken) {
  const auto cseq = response.cseq().number;
  for (const auto& sent : acks_) {
    if (sent.cseq != cseq || sent.remote_tag != response.to_tag()) continue;
    if (sent.packet) core_.transactions().send_again(*sent.packet);
    return;
  }
  if (answered_) return;  // the MediaHandler still thinks: absorbed (docs/contract.md)
  if (broken && invite_ && invite_->request().cseq().number == cseq) return broken_2xx(response);
  if (!uac_ || cseq != invite_cseq_) return core_.transactions().drops().add(transport::Drop::stray_response);
  if (dialog_.state() == DialogState::confirmed && response.to_tag() != dialog_.remote_tag()) fork_2xx(response);
}

/// The peer takes it for a session, so it is ended and not left behind.
void Session::broken_2xx(const Response& response) {
  const auto cseq = response.cseq().number;
  if (dialog_.state() != DialogState::confirmed) {
    auto dialog = dialog_.with_response(response);
    if (!dialog) return finish(Cause(Layer::local, make_error_code(errc::bad_response)));
    dialog_ = std::move(*dialog);
    early_.clear();
  }
  invite_.reset();
  send_ack(dialog_, cseq, {});
  if (state_ != SessionState::ending || !bye_) send_bye(Cause(Layer::local, make_error_code(errc::bad_response)));
}

/// One fork was enough: ACK, then BYE (§13.2.2.4).
void Session::fork_2xx(const Response& response) {
  if (++forks_ > core_.options().limits.early_dialogs) return;
  auto dialog = dialog_.with_response(response);
  if (!dialog) return;
  dialog->set_local_cseq(invite_cseq_);
  send_ack(*dialog, invite_cseq_, {});
  core_.timers().arm(acks_old_, 64 * core_.times().t1);
  core_.hang_up_stray(std::move(*dialog), credentials_);
}

std::optional<LateFork> Session::leave_fork() {
  if (!uac_ || forks_until_ <= core_.timers().now()) return std::nullopt;
  LateFork fork{forks_until_, 0, std::move(dialog_), invite_cseq_, {}};
  fork.done.emplace_back(fork.dialog.remote_tag());
  for (auto& sent : acks_)
    if (sent.cseq == invite_cseq_) fork.done.push_back(std::move(sent.remote_tag));
  return fork;
}

void Session::on_ack(const Request& ack) {
  if (incoming_ && incoming_->accepted && ack.cseq().number == incoming_->cseq) acknowledged(ack);
}

void Session::acknowledged(const Request& ack) {
  const bool initial = incoming_->initial;
  const bool late = incoming_->late_offer && offer_answer_.turn() == OfferAnswer::Turn::our_offer;
  drop_incoming();
  if (initial && state_ == SessionState::accepted) state_ = SessionState::established;
  if (bye_wanted_) return send_bye(Cause(*end_cause_));
  if (state_ != SessionState::established) return;
  if (late) {
    const auto sdp = ack.body_of("application", "sdp");
    if (!sdp || !offer_answer_.peer_answers(*sdp) || !negotiated())
      return send_bye(Cause(Layer::local, make_error_code(errc::bad_sdp)));
    note_remote_hold(false);
  }
  if (initial) return user_->on_established(*this, ack);
  user_->on_changed(*this, true, hold_state());
}

void Session::on_repeat() {
  if (!incoming_ || !incoming_->has_packet) return;
  core_.transactions().send_again(incoming_->packet);
  if (!incoming_->accepted) return core_.timers().arm(repeat_, std::chrono::minutes(1));
  incoming_->interval = std::min(2 * incoming_->interval, core_.times().t2);
  core_.timers().arm(repeat_, incoming_->interval);
}

void Session::on_deadline() {
  if (answered_) {  // 64*T1 after the 2xx the MediaHandler has no answer: the ACK must go, the session cannot
    ++ticket_;
    send_ack(dialog_, answered_->cseq().number, {});
    answered_.reset();
    return send_bye(Cause(Layer::local, make_error_code(errc::no_media)));
  }
  if (!incoming_) return;
  drop_incoming();
  send_bye(end_cause_ ? Cause(*end_cause_)
                      : Cause(Layer::timer, make_error_code(errc::no_ack)));  // §13.3.1.4, §14.2, §15
}

}  // namespace peal::inline v0::dialog
