#pragma once

#include <peal/message/parse.hpp>
#include <peal/transport/transport_layer.hpp>

#include "stateless_answer.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace peal::inline v0::transport {

/// One socket of the layer.
class ListenPoint final : public DatagramSink {
 public:
  ListenPoint(TransportLayer::State& state, std::uint32_t index, Protocol protocol) noexcept
      : state_(state), index_(index), protocol_(protocol) {}
  Result<void> open(Network& network, const Endpoint& local);

  [[nodiscard]] std::uint32_t index() const noexcept { return index_; }
  [[nodiscard]] Protocol protocol() const noexcept { return protocol_; }
  [[nodiscard]] const Endpoint& local() const noexcept { return socket_->local(); }
  [[nodiscard]] bool behind() const noexcept { return behind_; }
  [[nodiscard]] bool same_family(const IpAddress& other) const noexcept {
    return local().address.is_v6() == other.is_v6() && !other.empty();
  }
  [[nodiscard]] Flow flow_to(const Endpoint& peer) const noexcept { return {protocol_, index_, peer, 0}; }
  void send(const SharedBytes& bytes, const Endpoint& to) { socket_->send(bytes, to); }

 private:
  void on_datagram(const Datagram& datagram) override;
  void on_unreachable(const Endpoint& peer, std::error_code why) override;
  void on_dropped(std::size_t count) override;
  void on_backlog(bool behind, std::size_t lost) override;

  TransportLayer::State& state_;
  std::uint32_t index_;
  Protocol protocol_;
  bool behind_ = false;
  std::unique_ptr<DatagramSocket> socket_;
};

struct TransportLayer::State {
  State(Runtime& r, TransportUser& u, TransportOptions o);

  // ---- receiving (transport_receive.cpp). Each ends with the upcall: the layer may be gone when it returns.
  void receive(const ListenPoint& point, const Datagram& datagram);
  void receive_request(const Flow& flow);
  void receive_response(const Flow& flow);
  void receive_broken_2xx(const Flow& flow);
  void answer_bad_request(const Flow& flow);
  void drop(Drop reason, const Flow& flow);
  /// RFC 3261 §18.1.2: is sent-by what we write into our requests?
  [[nodiscard]] bool sent_by_us(const ViaView& via) const;

  /// Tells the user of the listening points that were closed. Last act.
  void tell_closed();

  // ---- sending (transport_layer.cpp)
  [[nodiscard]] ListenPoint* point(std::uint32_t index) const noexcept;
  Result<ListenPoint*> point_for(const Target& target);
  /// The address by which `peer` reaches the point.
  Result<IpAddress> address_of(const ListenPoint& point, const Endpoint& peer);
  Result<std::string> sent_by(const ListenPoint& point, const Endpoint& peer);
  Result<IpAddress> source_address_for(const Endpoint& peer);
  Result<Packet> print_and_send(const Message& message, ListenPoint& point, const Endpoint& to);
  Result<Packet> send_response(const Response& response, const Flow& request_flow);
  void transmit(ListenPoint& point, const Endpoint& to, const SharedBytes& bytes);
  void tap(Direction direction, const ListenPoint& point, const Endpoint& peer, std::string_view bytes);

  Runtime& runtime;
  TransportUser& user;
  const TransportOptions options;
  const HashKey tag_key;

  Parser parser;
  std::vector<std::unique_ptr<ListenPoint>> points;  // by index; null: closed
  std::vector<Flow> closed;                          // whose closing is still to be told
  OwnedTimer<State, &State::tell_closed> tell_closed_soon{*this};
  std::vector<Tap*> taps;
  Interceptor* interceptor = nullptr;
  DropCounters drops;
  std::string scratch;  // what is being printed

  /// Which of our addresses a peer sees: asking the system takes four calls.
  struct Route {
    IpAddress peer;
    IpAddress source;
    TimePoint until;
  };
  static constexpr std::chrono::seconds route_life{5};
  std::array<Route, 8> routes;
  std::size_t next_route = 0;

  /// The addresses that Via named for points bound to 0.0.0.0 or ::.
  static constexpr std::size_t named_kept = 64;
  std::vector<IpAddress> named;
};

}  // namespace peal::inline v0::transport
