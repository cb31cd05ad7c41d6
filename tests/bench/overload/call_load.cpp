#include "call_load.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <stdexcept>
#include <utility>

using namespace std::chrono_literals;

namespace {

std::string_view value_of(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size();
  return text.substr(begin, text.find("\r\n", begin) - begin);
}

unsigned number_at(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

CallLoad::CallLoad(std::uint16_t server_port) : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  socklen_t size = sizeof address;
  const int room = 8 * 1024 * 1024;
  (void)::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (socket_ < 0 || ::bind(socket_, generic, size) != 0) throw std::runtime_error("no socket");
  (void)::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
  here_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  there_ = "127.0.0.1:" + std::to_string(server_port);
  address.sin_port = htons(server_port);
  if (::connect(socket_, generic, size) != 0) throw std::runtime_error("cannot connect");
}

CallLoad::~CallLoad() { ::close(socket_); }

CallLoad::Outcome CallLoad::run(double calls_per_second, std::chrono::milliseconds duration,
                                std::chrono::milliseconds patience) {
  patience_ = patience;
  callers_.clear();
  soon_.clear();
  later_.clear();
  const auto begun = Clock::now();
  end_ = begun + duration;
  in_time_ = 0;
  const auto last_end = begun + duration + patience + 4s;
  for (auto now = begun; now < last_end; now = Clock::now()) {
    const auto time = std::min<Clock::duration>(now - begun, duration);
    const auto due = static_cast<std::size_t>(calls_per_second * std::chrono::duration<double>(time).count());
    for (int n = 0; n < 32 && callers_.size() < due; ++n) begin(static_cast<std::uint32_t>(callers_.size()));
    repeat_due(now);
    const bool idle = !receive() && callers_.size() >= due;
    if (idle && now - begun > duration && soon_.empty() && later_.empty()) break;
  }
  Outcome outcome;
  outcome.seconds = std::chrono::duration<double>(duration).count();
  outcome.offered = callers_.size();
  outcome.in_time = in_time_;
  for (const auto& caller : callers_) {
    outcome.good += caller.stage == Stage::good;
    outcome.refused += caller.stage == Stage::refused;
  }
  outcome.failed = outcome.offered - outcome.good - outcome.refused;
  return outcome;
}

void CallLoad::begin(std::uint32_t number) {
  callers_.push_back({Clock::now(), Stage::inviting, "<sip:server@" + there_ + ">"});
  send_request(number, "INVITE", "i", 1);
  repeat_later(number, Stage::inviting, 500ms);
}

void CallLoad::send_request(std::uint32_t number, std::string_view method, std::string_view branch, unsigned cseq) {
  const auto id = std::to_string(number);
  const bool invite = method == "INVITE";
  constexpr std::string_view sdp =
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";
  text_.assign(method).append(" sip:server@").append(there_).append(" SIP/2.0\r\nVia: SIP/2.0/UDP ").append(here_);
  text_.append(";branch=z9hG4bK").append(branch).append(id).append("\r\nMax-Forwards: 70\r\nFrom: <sip:load@");
  text_.append(here_).append(">;tag=f").append(id).append("\r\nTo: ").append(callers_[number].to);
  text_.append("\r\nCall-ID: ").append(id).append("@").append(here_).append("\r\nCSeq: ").append(std::to_string(cseq));
  text_.append(" ").append(method).append("\r\n");
  if (invite)
    text_.append("Contact: <sip:load@").append(here_).append(">\r\nContent-Type: application/sdp\r\nContent-Length: ");
  else
    text_.append("Content-Length: ");
  text_.append(std::to_string(invite ? sdp.size() : 0)).append("\r\n\r\n");
  if (invite) text_.append(sdp);
  (void)::send(socket_, text_.data(), text_.size(), 0);
}

void CallLoad::repeat_later(std::uint32_t number, Stage stage, std::chrono::milliseconds interval) {
  (interval == 500ms ? soon_ : later_).push_back({Clock::now() + interval, number, stage, interval});
}

/// Each queue has one interval a generation, nearly in order: what is a little late does no harm here.
void CallLoad::repeat_due(Clock::time_point now) {
  for (auto* queue : {&soon_, &later_}) {
    while (!queue->empty() && queue->front().due <= now) {
      const Again again = queue->front();
      queue->pop_front();
      Caller& caller = callers_[again.number];
      const bool waits = caller.stage == Stage::inviting || caller.stage == Stage::trying;
      if (waits && now - caller.begun > patience_) {
        if (caller.stage == Stage::trying) send_request(again.number, "CANCEL", "i", 1);
        caller.stage = Stage::failed;
      }
      if (caller.stage == Stage::failed || caller.stage == Stage::good || caller.stage == Stage::refused) continue;
      if (caller.stage == again.stage && caller.stage == Stage::inviting) send_request(again.number, "INVITE", "i", 1);
      if (caller.stage == again.stage && caller.stage == Stage::ending) send_request(again.number, "BYE", "b", 2);
      if (again.interval < 4s) repeat_later(again.number, again.stage, again.interval * 2);
    }
  }
}

bool CallLoad::receive() {
  char room[64][2048];
  mmsghdr headers[64]{};
  iovec parts[64];
  for (int i = 0; i < 64; ++i) {
    parts[i] = {room[i], sizeof room[i]};
    headers[i].msg_hdr.msg_iov = &parts[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int got = ::recvmmsg(socket_, headers, 64, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < got; ++i) on_response({room[i], headers[i].msg_len});
  return got > 0;
}

void CallLoad::on_response(std::string_view text) {
  if (!text.starts_with("SIP/2.0 ")) return;
  const int code = static_cast<int>(number_at(text.substr(8)));
  const std::uint32_t number = number_at(value_of(text, "\r\nCall-ID: "));
  const auto cseq = value_of(text, "\r\nCSeq: ");
  if (number >= callers_.size()) return;
  Caller& caller = callers_[number];
  if (cseq.ends_with("INVITE")) {
    if (code < 200) {
      if (caller.stage == Stage::inviting) caller.stage = Stage::trying;
      return;
    }
    caller.to = value_of(text, "\r\nTo: ");
    return on_invite_final(caller, number, code);
  }
  if (!cseq.ends_with("BYE") || caller.stage != Stage::ending) return;
  caller.stage = code == 200 ? Stage::good : Stage::failed;
  if (code == 200 && Clock::now() < end_) ++in_time_;
}

void CallLoad::on_invite_final(Caller& caller, std::uint32_t number, int code) {
  send_request(number, "ACK", code < 300 ? "a" : "i", 1);
  if (caller.stage != Stage::inviting && caller.stage != Stage::trying) {
    if (caller.stage == Stage::failed && code < 300) send_request(number, "BYE", "b", 2);
    return;
  }
  const bool in_time = Clock::now() - caller.begun <= patience_;
  caller.stage = code == 503 ? Stage::refused : code < 300 && in_time ? Stage::ending : Stage::failed;
  if (code >= 300) return;
  send_request(number, "BYE", "b", 2);
  if (caller.stage == Stage::ending) repeat_later(number, Stage::ending, 500ms);
}
