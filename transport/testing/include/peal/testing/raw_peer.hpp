#pragma once

#include <peal/message/export.hpp>
#include <peal/testing/raw_message.hpp>
#include <peal/testing/simulator.hpp>
#include <peal/transport/network.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace peal::inline v0::sim {

/// A datagram as it came.
struct RawMessage {
  std::string text;
  Endpoint from;
  TimePoint time;
};

/// A bare socket with a script: says what it is told to, keeps what it hears.
///
///     sim::RawPeer bob(sim, sim.host("bob"));
///     bob.on("INVITE", [](auto& peer, auto& invite) { peer.answer(invite, {.code = 486, .to_tag = "b"}); });
///     … alice calls …
///     ASSERT_TRUE(bob.expect("ACK"));
class PEAL_API RawPeer : private transport::DatagramSink {
 public:
  using Handler = UniqueFunction<void(RawPeer&, const RawMessage&)>;

  /// Throws std::system_error when the address is not the host's or is taken.
  RawPeer(Simulator& sim, Host& host, std::uint16_t port = 5060);
  RawPeer(Simulator& sim, Host& host, const Endpoint& local);
  ~RawPeer() override;
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return socket_->local(); }
  [[nodiscard]] Host& host() const noexcept { return host_; }
  void send(std::string_view text, const Endpoint& to);
  /// Answers to where the request came from.
  void answer(const RawMessage& request, const Answer& answer);

  /// For messages whose start line begins with `start`: a method ("INVITE"), a status ("200"), or any text. The first
  /// handler that fits is called, in a turn of the host; what it takes is not queued. Empty: everything. The handler
  /// may call `on`.
  void on(std::string_view start, Handler handler);

  /// Runs the simulator until a message with that start is there (queued ones count) and takes it, with what came
  /// before it.
  std::optional<RawMessage> expect(std::string_view start, Duration limit = std::chrono::seconds(64));
  /// The same, and it must have these header lines: "Contact: <sip:*@192.0.2.1*>", `*` standing for any text.
  ///
  ///     auto invite = bob.expect("INVITE", {"Contact: *", "Supported: *timer*"});
  std::optional<RawMessage> expect(std::string_view start, std::initializer_list<std::string_view> lines,
                                   Duration limit = std::chrono::seconds(64));
  /// The same for any message of which `fits` says so.
  std::optional<RawMessage> expect_if(UniqueFunction<bool(const RawMessage&)> fits,
                                      Duration limit = std::chrono::seconds(64));
  /// True when none comes within that time.
  bool expect_silence(Duration duration, std::string_view start = {});

  /// The oldest message that no handler took.
  std::optional<RawMessage> pop();
  [[nodiscard]] const std::deque<RawMessage>& received() const noexcept { return received_; }
  void clear() { received_.clear(); }
  /// How many messages came, handled or not.
  [[nodiscard]] std::size_t heard() const noexcept { return heard_; }
  /// Where it could not send to, and why.
  [[nodiscard]] const std::vector<std::pair<Endpoint, std::error_code>>& unreachable() const noexcept {
    return unreachable_;
  }

 private:
  struct Rule {
    std::string start;
    std::shared_ptr<Handler> handler;  // stays alive while it runs and changes the rules
  };
  void on_datagram(const transport::Datagram& datagram) override;
  void on_unreachable(const Endpoint& peer, std::error_code why) override;

  Simulator& sim_;
  Host& host_;
  std::unique_ptr<transport::DatagramSocket> socket_;
  std::vector<Rule> rules_;
  std::deque<RawMessage> received_;
  std::size_t heard_ = 0;
  std::vector<std::pair<Endpoint, std::error_code>> unreachable_;
};

}  // namespace peal::inline v0::sim
