#include "asio_network.hpp"

#include "asio_runtime_impl.hpp"
#include "udp_socket.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace peal::inline v0::transport {

AsioNetwork::AsioNetwork(Runtime& runtime, AsioCore& core, const asio::any_io_executor& executor,
                         const AsioRuntimeOptions& options)
    : runtime_(runtime), core_(core), executor_(executor), options_(options), resolver_(executor) {
  runtime_.link(*this, TurnStage::flush);
}

AsioNetwork::~AsioNetwork() {
  for (const auto& question : questions_) question->query->canceller = nullptr;
}

Result<std::unique_ptr<DatagramSocket>> AsioNetwork::open_datagram(const Endpoint& local, DatagramSink& sink) {
  auto socket = UdpSocket::open(*this, executor_, local, sink);
  if (!socket) return fail(socket.error());
  return std::unique_ptr<DatagramSocket>(std::move(*socket));
}

Result<IpAddress> AsioNetwork::source_address_for(const Endpoint& peer) {
  return datagram_io::source_address_for(peer);
}

void AsioNetwork::on_turn_end() {
  for (UdpSocket* socket : std::exchange(unflushed_, {})) socket->flush();  // calls nobody, so nobody is destroyed
}

void AsioNetwork::resolve(HostQuery& query, std::string_view host) {
  if (query.canceller != nullptr) query.canceller->cancel(query);
  auto question = questions_.emplace_back(std::make_shared<Question>(Question{&query}));
  query.canceller = this;
  // No service, and no flags: "localhost" has its addresses on a machine without a network too.
  resolver_.async_resolve(
      host, "", asio::ip::resolver_base::flags(),
      [core = core_.shared_from_this(), this, question](const asio::error_code& error, const auto& results) {
        core->wake([this, question, error, results](AsioRuntime&) { answer(question, error, results); });
      });
}

void AsioNetwork::cancel(HostQuery& query) noexcept {
  query.canceller = nullptr;
  std::erase_if(questions_, [&](const auto& question) {
    if (question->query != &query) return false;
    question->query = nullptr;
    return true;
  });
}

void AsioNetwork::answer(const std::shared_ptr<Question>& question, const asio::error_code& error,
                         const asio::ip::udp::resolver::results_type& results) {
  HostQuery* const query = question->query;
  if (query == nullptr) return;
  cancel(*query);
  std::vector<IpAddress> addresses;
  for (const auto& entry : results) {
    const auto found = entry.endpoint().address();
    const IpAddress address =
        found.is_v4() ? IpAddress::v4(found.to_v4().to_bytes())
                      : IpAddress::v6(found.to_v6().to_bytes(), static_cast<std::uint32_t>(found.to_v6().scope_id()));
    if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
  }
  query->on_addresses(std::move(addresses), error);
}

}  // namespace peal::inline v0::transport
