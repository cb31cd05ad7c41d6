#include <peal/testing/raw_peer.hpp>

#include "message_pattern.hpp"

#include <algorithm>

namespace peal::inline v0::sim {

namespace {

bool fits(std::string_view text, std::string_view start) {
  if (text.starts_with(start)) return true;
  return text.starts_with("SIP/2.0 ") && text.substr(8).starts_with(start);
}

/// `line` is "Name: pattern"; without a colon any value will do.
bool has_line(const RawMessage& message, std::string_view line) {
  const auto colon = line.find(':');
  auto pattern = colon == std::string_view::npos ? std::string_view("*") : line.substr(colon + 1);
  while (pattern.starts_with(' ')) pattern.remove_prefix(1);
  const auto values = headers_of(message.text, line.substr(0, colon));
  return std::any_of(values.begin(), values.end(), [&](const auto& value) { return fits_pattern(value, pattern); });
}

}  // namespace

RawPeer::RawPeer(Simulator& sim, Host& host, std::uint16_t port) : RawPeer(sim, host, host.endpoint(port)) {}

RawPeer::RawPeer(Simulator& sim, Host& host, const Endpoint& local) : sim_(sim), host_(host) {
  auto socket = host.runtime().network().open_datagram(local, *this);
  if (!socket) throw std::system_error(socket.error(), "peal simulator: " + local.to_string());
  socket_ = std::move(*socket);
}

RawPeer::~RawPeer() = default;

void RawPeer::send(std::string_view text, const Endpoint& to) { socket_->send(transport::SharedBytes(text), to); }

void RawPeer::answer(const RawMessage& request, const Answer& answer) {
  send(answer_to(request.text, answer), request.from);
}

void RawPeer::on(std::string_view start, Handler handler) {
  rules_.push_back({std::string(start), std::make_shared<Handler>(std::move(handler))});
}

std::optional<RawMessage> RawPeer::expect(std::string_view start, Duration limit) { return expect(start, {}, limit); }

std::optional<RawMessage> RawPeer::expect(std::string_view start, std::initializer_list<std::string_view> lines,
                                          Duration limit) {
  return expect_if(
      [&](const RawMessage& message) {
        return fits(message.text, start) &&
               std::all_of(lines.begin(), lines.end(), [&](std::string_view line) { return has_line(message, line); });
      },
      limit);
}

std::optional<RawMessage> RawPeer::expect_if(UniqueFunction<bool(const RawMessage&)> fits_it, Duration limit) {
  std::size_t seen = 0;
  std::optional<RawMessage> found;
  sim_.run_until(
      [&] {
        for (; seen < received_.size(); ++seen) {
          if (!fits_it(received_[seen])) continue;
          found = std::move(received_[seen]);
          return true;
        }
        return false;
      },
      limit);
  if (found) received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(seen) + 1);
  return found;
}

bool RawPeer::expect_silence(Duration duration, std::string_view start) {
  auto seen = received_.size();
  return !sim_.run_until(
      [&] {
        for (; seen < received_.size(); ++seen) {
          if (fits(received_[seen].text, start)) return true;
        }
        return false;
      },
      duration);
}

std::optional<RawMessage> RawPeer::pop() {
  if (received_.empty()) return std::nullopt;
  auto message = std::move(received_.front());
  received_.pop_front();
  return message;
}

void RawPeer::on_datagram(const transport::Datagram& datagram) {
  ++heard_;
  RawMessage message{std::string(datagram.data, datagram.size), datagram.peer, sim_.now()};
  for (const auto& rule : rules_) {
    if (!fits(message.text, rule.start)) continue;
    const auto handler = rule.handler;
    (*handler)(*this, message);
    return;
  }
  received_.push_back(std::move(message));
}

void RawPeer::on_unreachable(const Endpoint& peer, std::error_code why) { unreachable_.emplace_back(peer, why); }

}  // namespace peal::inline v0::sim
