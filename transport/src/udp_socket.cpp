#include "udp_socket.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <asio/ip/v6_only.hpp>

namespace peal::inline v0::transport {

using Udp = asio::ip::udp;

namespace {

/// How often one datagram is tried when the error that a send gives belongs to an earlier one.
constexpr int tries_a_datagram = 4;

asio::error_code bind(Udp::socket& socket, const Endpoint& local, const AsioRuntimeOptions& options) {
  asio::error_code error;
  const bool v6 = local.address.is_v6();
  socket.open(v6 ? Udp::v6() : Udp::v4(), error);
  if (error) return error;
  asio::error_code ignored;  // the system gives what it has
  socket.set_option(asio::socket_base::receive_buffer_size(options.socket_buffer), ignored);
  socket.set_option(asio::socket_base::send_buffer_size(options.socket_buffer), ignored);
  if (v6) socket.set_option(asio::ip::v6_only(true), error);
  if (error) return error;
  datagram_io::want_errors(socket.native_handle(), v6);
  const auto bytes = local.address.bytes();
  if (v6) {
    socket.bind(Udp::endpoint(asio::ip::address_v6(bytes, local.address.scope()), local.port), error);
  } else {
    socket.bind(Udp::endpoint(asio::ip::address_v4({bytes[0], bytes[1], bytes[2], bytes[3]}), local.port), error);
  }
  return error;
}

}  // namespace

Result<std::unique_ptr<UdpSocket>> UdpSocket::open(AsioNetwork& network, const asio::any_io_executor& executor,
                                                   const Endpoint& local, DatagramSink& sink) {
  if (local.address.empty()) return fail(errc::invalid_value);
  Udp::socket socket(executor);
  asio::error_code error = bind(socket, local, network.options());
  const auto bound = error ? Udp::endpoint() : socket.local_endpoint(error);
  // Asio's category for the system's errors is one of its own, which does not compare with std::errc.
  if (error) return fail(std::error_code(error.value(), std::system_category()));
  std::unique_ptr<UdpSocket> out(new UdpSocket(network, std::move(socket), sink));
  out->local_ = Endpoint{local.address, bound.port()};
  out->wait(Udp::socket::wait_read);
  return out;
}

UdpSocket::UdpSocket(AsioNetwork& network, Udp::socket socket, DatagramSink& sink)
    : network_(network), socket_(std::move(socket)), sink_(sink), life_(std::make_shared<Life>(Life{this})) {}

UdpSocket::~UdpSocket() {
  life_->socket = nullptr;
  if (listed_) network_.forget(*this);
  while (!queued().empty()) {
    const auto sent = datagram_io::send(socket_.native_handle(), network_.options().batch_io, queued());
    if (!sent) break;
    gone_out_ += *sent;
  }
}

std::span<const OutgoingDatagram> UdpSocket::queued() const noexcept { return std::span(queue_).subspan(gone_out_); }

void UdpSocket::send(const SharedBytes& bytes, const Endpoint& to) {
  if (queued().size() >= network_.options().send_queue) {
    write();
    if (queued().size() >= network_.options().send_queue) {
      ++dropped_;
      return tell_later();
    }
  }
  queue_.push_back({bytes, to});
  if (!network_.runtime().in_turn()) return write();
  if (!std::exchange(listed_, true)) network_.flush_at_turn_end(*this);
}

void UdpSocket::flush() {
  listed_ = false;
  write();
}

void UdpSocket::write() {
  int tries = 0;
  while (!queued().empty() && !waits_to_write_) {
    const auto sent = datagram_io::send(socket_.native_handle(), network_.options().batch_io, queued());
    if (sent) {
      gone_out_ += *sent;
      tries = 0;
    } else if (sent.error() == std::errc::interrupted) {
      continue;
    } else if (datagram_io::would_block(sent.error())) {
      waits_to_write_ = true;
      wait(Udp::socket::wait_write);
    } else if (datagram_io::congested(sent.error())) {
      ++gone_out_;
      ++dropped_;
      tell_later();
    } else if (const bool earlier = drain_errors(); ++tries > 1 && (!earlier || tries > tries_a_datagram)) {
      note(queued().front().to, sent.error());
      ++gone_out_;
      tries = 0;
    }
  }
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(gone_out_));
  gone_out_ = 0;
}

void UdpSocket::wait(Udp::socket::wait_type what) {
  auto core = network_.core().shared_from_this();
  socket_.async_wait(what, [core = std::move(core), life = life_, what](const asio::error_code& error) {
    if (error) return;
    core->wake([life, what](AsioRuntime&) {
      if (life->socket != nullptr) life->socket->on_ready(what);
    });
  });
}

void UdpSocket::on_ready(Udp::socket::wait_type what) {
  if (what == Udp::socket::wait_read) return read();
  waits_to_write_ = false;
  write();
}

void UdpSocket::read() {
  const auto life = life_;
  const WaitAgain wait_again{*life};  // also when the application's exception passes through here
  const bool many = datagram_io::has_batches && network_.options().batch_io;
  std::array<Datagram, ReceiveSlots::count> datagrams;
  std::size_t taken = 0;
  for (int calls = 0; taken < datagrams_a_turn && calls < datagrams_a_turn; ++calls) {
    const auto received = datagram_io::receive(socket_.native_handle(), network_.slots(), many, datagrams);
    if (!received) {
      if (datagram_io::would_block(received.error())) break;
      drain_errors();
      continue;
    }
    if (calls == 0) look_at_backlog(*received == ReceiveSlots::count);
    for (std::size_t i = 0; i < *received; ++i) {
      sink_.on_datagram(datagrams[i]);
      if (life->socket == nullptr) return;
    }
    taken += *received;
    if (many && *received < ReceiveSlots::count) break;
  }
  if (taken == 0) drain_errors();
  if (taken < datagrams_a_turn) look_at_backlog(false);
}

/// The system is asked only when many wait.
void UdpSocket::look_at_backlog(bool more_waits) {
  if (!more_waits && !behind_) return;
  const auto now = datagram_io::backlog(socket_.native_handle());
  const std::uint32_t lost = now.room == 0 ? 0 : now.lost - std::exchange(lost_, now.lost);
  // Linux gives room back late, by up to a quarter of it.
  const std::uint32_t limit = behind_ ? now.room / 8 * 3 : now.room / 2;
  const bool behind = more_waits && now.used > limit;
  if (std::exchange(behind_, behind) != behind || lost > 0) sink_.on_backlog(behind, lost);
}

/// True when there were any.
bool UdpSocket::drain_errors() {
  bool any = false;
  for (int i = 0; i < datagrams_a_turn; ++i) {
    const auto error = datagram_io::take_error(socket_.native_handle());
    if (!error) break;
    any = true;
    if (error->peer) note(*error->peer, error->why);
  }
  return any;
}

void UdpSocket::note(const Endpoint& peer, std::error_code why) {
  const bool known = std::ranges::any_of(failures_, [&](const Failure& f) { return f.peer == peer; });
  if (known || failures_.size() >= failures_kept) return;
  failures_.push_back({peer, why});
  tell_later();
}

/// In a later turn: the caller of `send` is in the middle of a step.
void UdpSocket::tell_later() {
  if (std::exchange(tells_failures_, true)) return;
  network_.core().post([life = life_] {
    if (life->socket != nullptr) life->socket->tell_failures();
  });
}

void UdpSocket::tell_failures() {
  const auto life = life_;
  tells_failures_ = false;
  const auto failures = std::exchange(failures_, {});
  if (dropped_ > 0) sink_.on_dropped(std::exchange(dropped_, 0));
  for (const Failure& failure : failures) {
    if (life->socket == nullptr) return;
    sink_.on_unreachable(failure.peer, failure.why);
  }
}

}  // namespace peal::inline v0::transport
