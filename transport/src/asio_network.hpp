#pragma once

#include <peal/transport/asio_runtime.hpp>
#include <peal/transport/network.hpp>

#include "asio_core.hpp"
#include "datagram_io.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/ip/udp.hpp>

#include <memory>
#include <vector>

namespace peal::inline v0::transport {

class UdpSocket;

/// The kernel's sockets. What is sent within a turn goes out at its end, a call a socket.
class AsioNetwork final : public Network, private TurnHook, private HostQuery::Canceller {
 public:
  AsioNetwork(Runtime& runtime, AsioCore& core, const asio::any_io_executor& executor,
              const AsioRuntimeOptions& options);
  ~AsioNetwork() override;

  Result<std::unique_ptr<DatagramSocket>> open_datagram(const Endpoint& local, DatagramSink& sink) override;
  Result<IpAddress> source_address_for(const Endpoint& peer) override;
  void resolve(HostQuery& query, std::string_view host) override;

  // for UdpSocket
  [[nodiscard]] Runtime& runtime() noexcept { return runtime_; }
  [[nodiscard]] AsioCore& core() noexcept { return core_; }
  [[nodiscard]] const AsioRuntimeOptions& options() const noexcept { return options_; }
  /// The receive slots of all sockets: only one reads at a time, and only within a turn.
  [[nodiscard]] ReceiveSlots& slots() noexcept { return slots_; }
  void flush_at_turn_end(UdpSocket& socket) { unflushed_.push_back(&socket); }
  void forget(UdpSocket& socket) noexcept { std::erase(unflushed_, &socket); }

 private:
  struct Question {
    HostQuery* query;  // nullptr: nobody asks any more
  };
  void on_turn_end() override;
  void cancel(HostQuery& query) noexcept override;
  void answer(const std::shared_ptr<Question>& question, const asio::error_code& error,
              const asio::ip::udp::resolver::results_type& results);

  Runtime& runtime_;
  AsioCore& core_;
  asio::any_io_executor executor_;
  AsioRuntimeOptions options_;
  asio::ip::udp::resolver resolver_;
  ReceiveSlots slots_;
  std::vector<UdpSocket*> unflushed_;
  std::vector<std::shared_ptr<Question>> questions_;
};

}  // namespace peal::inline v0::transport
