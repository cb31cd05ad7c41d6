#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

/// Calls offered to a SIP server on loopback, so many a second whatever it does: a caller each, who retransmits, waits
/// for an answer as long as `patience`, acknowledges, hangs up at once. From templates, so that the load costs little.
class CallLoad {
 public:
  using Clock = std::chrono::steady_clock;

  /// What became of the calls that were begun.
  struct Outcome {
    std::size_t offered = 0;
    std::size_t good = 0;     ///< answered in time, and hung up
    std::size_t in_time = 0;  ///< of these: while the load lasted
    std::size_t refused = 0;  ///< 503
    std::size_t failed = 0;   ///< the rest: no answer in time, a BYE that nobody answered
    double seconds = 0;
    [[nodiscard]] double goodput() const { return static_cast<double>(in_time) / seconds; }
  };

  explicit CallLoad(std::uint16_t server_port);
  ~CallLoad();
  CallLoad(const CallLoad&) = delete;
  CallLoad& operator=(const CallLoad&) = delete;

  Outcome run(double calls_per_second, std::chrono::milliseconds duration, std::chrono::milliseconds patience);

 private:
  enum class Stage : std::uint8_t { inviting, trying, ending, good, refused, failed };
  struct Caller {
    Clock::time_point begun;
    Stage stage = Stage::inviting;
    std::string to;  // with the tag, once answered
  };
  struct Again {
    Clock::time_point due;
    std::uint32_t number;
    Stage stage;  // if it is still there
    std::chrono::milliseconds interval;
  };

  void begin(std::uint32_t number);
  void send_request(std::uint32_t number, std::string_view method, std::string_view branch, unsigned cseq);
  void repeat_later(std::uint32_t number, Stage stage, std::chrono::milliseconds interval);
  void repeat_due(Clock::time_point now);
  bool receive();
  void on_response(std::string_view text);
  void on_invite_final(Caller& caller, std::uint32_t number, int code);

  int socket_;
  std::string here_;
  std::string there_;
  std::string text_;
  std::chrono::milliseconds patience_{};
  Clock::time_point end_;
  std::size_t in_time_ = 0;
  std::vector<Caller> callers_;
  std::deque<Again> soon_, later_;  // the first repetition, and the others
};
