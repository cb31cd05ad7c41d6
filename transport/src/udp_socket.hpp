#pragma once

#include "asio_network.hpp"

#include <memory>
#include <span>
#include <system_error>
#include <vector>

namespace peal::inline v0::transport {

/// A UDP socket read and written in turns (docs/contract.md).
class UdpSocket final : public DatagramSocket {
 public:
  static Result<std::unique_ptr<UdpSocket>> open(AsioNetwork& network, const asio::any_io_executor& executor,
                                                 const Endpoint& local, DatagramSink& sink);
  ~UdpSocket() override;

  [[nodiscard]] const Endpoint& local() const noexcept override { return local_; }
  void send(const SharedBytes& bytes, const Endpoint& to) override;
  /// At the end of a turn.
  void flush();

 private:
  /// What pending handlers hold.
  struct Life {
    UdpSocket* socket;
  };
  struct WaitAgain {
    const Life& life;
    ~WaitAgain() {
      if (life.socket != nullptr) life.socket->wait(asio::ip::udp::socket::wait_read);
    }
  };
  struct Failure {
    Endpoint peer;
    std::error_code why;
  };
  static constexpr int datagrams_a_turn = 256;
  static constexpr std::size_t failures_kept = 64;

  UdpSocket(AsioNetwork& network, asio::ip::udp::socket socket, DatagramSink& sink);
  void wait(asio::ip::udp::socket::wait_type what);
  void on_ready(asio::ip::udp::socket::wait_type what);
  void read();
  void look_at_backlog(bool more_waits);
  void write();
  [[nodiscard]] std::span<const OutgoingDatagram> queued() const noexcept;
  bool drain_errors();
  void note(const Endpoint& peer, std::error_code why);
  void tell_later();
  void tell_failures();

  AsioNetwork& network_;
  asio::ip::udp::socket socket_;
  DatagramSink& sink_;
  Endpoint local_;
  std::shared_ptr<Life> life_;

  std::vector<OutgoingDatagram> queue_;
  std::size_t gone_out_ = 0;  // how many of queue_
  std::vector<Failure> failures_;
  std::size_t dropped_ = 0;
  std::uint32_t lost_ = 0;  // as the system counts
  bool behind_ = false;     // as the sink was told
  bool listed_ = false;     // in the network's list of sockets to flush
  bool waits_to_write_ = false;
  bool tells_failures_ = false;  // a task to tell them is posted
};

}  // namespace peal::inline v0::transport
