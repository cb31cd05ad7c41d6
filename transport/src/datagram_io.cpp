#include "datagram_io.hpp"

#include "sockaddr.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/uio.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/errqueue.h>
#include <linux/sock_diag.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#endif

namespace peal::inline v0::transport {

char* ReceiveSlots::slot(std::size_t i) {
  if (memory_ == nullptr) memory_ = std::make_unique_for_overwrite<char[]>(count * stride);
  return memory_.get() + i * stride;
}

namespace datagram_io {
namespace {

std::error_code last_error() noexcept { return {errno, std::system_category()}; }

Result<std::size_t> receive_one(int socket, ReceiveSlots& slots, Datagram& out) {
  sockaddr_storage from;
  iovec room{slots.slot(0), ReceiveSlots::datagram_bytes};
  msghdr header{};
  header.msg_name = &from;
  header.msg_namelen = sizeof from;
  header.msg_iov = &room;
  header.msg_iovlen = 1;
  const ssize_t size = ::recvmsg(socket, &header, MSG_DONTWAIT);
  if (size < 0) return fail(last_error());
  out =
      Datagram{slots.slot(0), static_cast<std::size_t>(size), from_sockaddr(from), (header.msg_flags & MSG_TRUNC) != 0};
  return std::size_t{1};
}

Result<std::size_t> send_one(int socket, const OutgoingDatagram& datagram) {
  sockaddr_storage to;
  const socklen_t size = to_sockaddr(datagram.to, to);
  const std::string_view bytes = datagram.bytes.view();
  if (::sendto(socket, bytes.data(), bytes.size(), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&to), size) < 0) {
    return fail(last_error());
  }
  return std::size_t{1};
}

#if defined(__linux__)

Result<std::size_t> receive_many(int socket, ReceiveSlots& slots, std::span<Datagram, ReceiveSlots::count> out) {
  constexpr std::size_t count = ReceiveSlots::count;
  std::array<sockaddr_storage, count> from;
  std::array<iovec, count> rooms;
  std::array<mmsghdr, count> headers;
  for (std::size_t i = 0; i < count; ++i) {
    rooms[i] = {slots.slot(i), ReceiveSlots::datagram_bytes};
    headers[i] = {};
    headers[i].msg_hdr.msg_name = &from[i];
    headers[i].msg_hdr.msg_namelen = sizeof from[i];
    headers[i].msg_hdr.msg_iov = &rooms[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int received = ::recvmmsg(socket, headers.data(), count, MSG_DONTWAIT, nullptr);
  if (received < 0) return fail(last_error());
  const auto n = static_cast<std::size_t>(received);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = Datagram{slots.slot(i), headers[i].msg_len, from_sockaddr(from[i]),
                      (headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0};
  }
  return n;
}

Result<std::size_t> send_many(int socket, std::span<const OutgoingDatagram> batch) {
  const std::size_t count = std::min(batch.size(), send_batch);
  std::array<sockaddr_storage, send_batch> to;
  std::array<iovec, send_batch> pieces;
  std::array<mmsghdr, send_batch> headers;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view bytes = batch[i].bytes.view();
    pieces[i] = {const_cast<char*>(bytes.data()), bytes.size()};  // sendmmsg only reads
    headers[i] = {};
    headers[i].msg_hdr.msg_name = &to[i];
    headers[i].msg_hdr.msg_namelen = to_sockaddr(batch[i].to, to[i]);
    headers[i].msg_hdr.msg_iov = &pieces[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int sent = ::sendmmsg(socket, headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
  if (sent < 0) return fail(last_error());
  return static_cast<std::size_t>(sent);
}

/// RFC 3261 §18.4: host, network, port or protocol unreachable and parameter problems are told; source quench and TTL
/// exceeded are not, nor that a datagram must be fragmented, which the kernel does from then on. What the kernel itself
/// refuses, the failing send tells better: here such an error names no port.
bool to_be_told(const sock_extended_err& error) noexcept {
  switch (error.ee_origin) {
    case SO_EE_ORIGIN_ICMP:
      return (error.ee_type == ICMP_DEST_UNREACH && error.ee_code != ICMP_FRAG_NEEDED) ||
             error.ee_type == ICMP_PARAMETERPROB;
    case SO_EE_ORIGIN_ICMP6: return error.ee_type == ICMP6_DST_UNREACH || error.ee_type == ICMP6_PARAM_PROB;
    default: return false;
  }
}

#endif

}  // namespace

Result<std::size_t> receive(int socket, ReceiveSlots& slots, bool many, std::span<Datagram, ReceiveSlots::count> out) {
#if defined(__linux__)
  if (many) return receive_many(socket, slots, out);
#endif
  static_cast<void>(many);
  return receive_one(socket, slots, out[0]);
}

Result<std::size_t> send(int socket, bool many, std::span<const OutgoingDatagram> batch) {
  if (batch.empty()) return std::size_t{0};
#if defined(__linux__)
  if (many && batch.size() > 1) return send_many(socket, batch);
#endif
  static_cast<void>(many);
  return send_one(socket, batch.front());
}

void want_errors(int socket, bool v6) noexcept {
#if defined(__linux__)
  const int on = 1;
  if (v6) {
    ::setsockopt(socket, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  } else {
    ::setsockopt(socket, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  }
#else
  static_cast<void>(socket);
  static_cast<void>(v6);
#endif
}

std::optional<PeerError> take_error(int socket) {
#if defined(__linux__)
  sockaddr_storage peer{};
  alignas(cmsghdr) std::array<char, 512> control;
  char first_byte = 0;  // of the datagram that failed; the rest is cut off
  iovec room{&first_byte, 1};
  msghdr header{};
  header.msg_name = &peer;
  header.msg_namelen = sizeof peer;
  header.msg_iov = &room;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  if (::recvmsg(socket, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    const bool v4 = part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR;
    const bool v6 = part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    sock_extended_err error{};
    std::memcpy(&error, CMSG_DATA(part), sizeof error);
    PeerError found;
    found.why = {static_cast<int>(error.ee_errno), std::system_category()};
    if (to_be_told(error)) found.peer = from_sockaddr(peer);
    return found;
  }
  return PeerError{};
#else
  static_cast<void>(socket);
  return std::nullopt;
#endif
}

Backlog backlog(int socket) noexcept {
#if defined(SO_MEMINFO)
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t size = sizeof memory;
  if (::getsockopt(socket, SOL_SOCKET, SO_MEMINFO, memory.data(), &size) != 0) return {};
  return {memory[SK_MEMINFO_RMEM_ALLOC], memory[SK_MEMINFO_RCVBUF], memory[SK_MEMINFO_DROPS]};
#else
  static_cast<void>(socket);
  return {};
#endif
}

Result<IpAddress> source_address_for(const Endpoint& peer) {
  sockaddr_storage address;
  // Connecting a datagram socket only looks up the route.
  Endpoint to = peer;
  if (to.port == 0) to.port = 5060;
  const socklen_t size = to_sockaddr(to, address);
  if (size == 0) return fail(errc::invalid_value);
  const int socket = ::socket(address.ss_family, SOCK_DGRAM, 0);
  if (socket < 0) return fail(last_error());
  Result<IpAddress> result;
  socklen_t room = sizeof address;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &room) != 0) {
    result = fail(last_error());
  } else {
    result = from_sockaddr(address).address;
  }
  ::close(socket);
  return result;
}

bool would_block(const std::error_code& error) noexcept {
  return error == std::error_code(EAGAIN, std::system_category()) ||
         error == std::error_code(EWOULDBLOCK, std::system_category());
}

bool congested(const std::error_code& error) noexcept {
  return error == std::error_code(ENOBUFS, std::system_category()) ||
         error == std::error_code(ENOMEM, std::system_category());
}

}  // namespace datagram_io
}  // namespace peal::inline v0::transport
