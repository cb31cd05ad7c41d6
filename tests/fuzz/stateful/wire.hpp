#pragma once

#include "bytes.hpp"

#include <peal/message/parse.hpp>
#include <peal/testing/raw_message.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stateful {

using peal::transport::Endpoint;

/// The other side: three sockets without a stack behind them. What they say is made from what they heard, and damaged
/// as the input has it. Judges every message that the user agent sends.
class Wire {
 public:
  Wire(peal::sim::Simulator& sim, peal::sim::Host& subject, peal::sim::Host& peer);
  /// One act on the wire.
  void act(Bytes& in);
  /// Told of everything that happens in the network.
  void see(const peal::sim::WireEvent& event);

  [[nodiscard]] std::size_t sent_to_subject() const noexcept { return to_subject_; }
  [[nodiscard]] std::size_t sent_by_subject() const noexcept { return by_subject_; }

 private:
  static constexpr std::size_t kept = 24;

  void answer(Bytes& in);
  void new_request(Bytes& in);
  void in_dialog(Bytes& in);
  void follow_up(Bytes& in);
  void replay(Bytes& in);
  void damaged(Bytes& in);
  void raw(Bytes& in);
  void huge(Bytes& in);

  void send(Bytes& in, std::string text);
  void judge(std::string_view bytes);
  void judge_request(const peal::Request& request, std::string_view bytes);
  [[nodiscard]] std::string via(Bytes& in);
  void add_lines(Bytes& in, std::vector<std::string>& lines, bool response);
  void add_body(Bytes& in, std::string& type, std::string& body);
  [[nodiscard]] const std::string* choose(Bytes& in, const std::deque<std::string>& from) const;
  static void keep(std::deque<std::string>& where, std::string_view text);
  [[nodiscard]] bool from_subject(const Endpoint& endpoint) const;

  peal::sim::Host& subject_;
  std::array<std::unique_ptr<peal::sim::RawPeer>, 3> peers_;
  std::deque<std::string> requests_;   // of the user agent
  std::deque<std::string> responses_;  // of the user agent
  std::deque<std::string> sent_;       // ours, latest last
  // The ACK and BYE to a 2xx with too many Record-Route lines have as many Route lines.
  peal::Parser parser_{{.header_lines = 65'535, .route_elements = 65'535, .profile = peal::Profile::strict}};
  peal::Parser lenient_parser_{{.header_lines = 65'535, .route_elements = 65'535, .profile = peal::Profile::interop}};
  unsigned branches_ = 0;
  unsigned calls_ = 0;
  unsigned cseq_ = 100;
  bool lenient_said_ = false;  // something that a strict reader refuses was said: an answer may have to repeat it
  std::size_t to_subject_ = 0;
  std::size_t by_subject_ = 0;
};

}  // namespace stateful
