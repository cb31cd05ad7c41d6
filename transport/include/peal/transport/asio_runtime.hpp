#pragma once

#include <peal/message/export.hpp>
#include <peal/transport/runtime.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>

#include <cstddef>
#include <memory>

namespace peal::inline v0::transport {

struct AsioRuntimeOptions {
  LogSink* log = nullptr;         ///< nullptr: errors and warnings to stderr
  std::size_t send_queue = 4096;  ///< datagrams that wait for a socket whose buffer is full; what is over is dropped
  int socket_buffer = 4 * 1024 * 1024;  ///< asked of the system for each direction of a socket; it may give less
  bool batch_io = true;                 ///< recvmmsg and sendmmsg where the system has them; off: a call a datagram
};

/// The real clock, network and chance. The io_context must outlive the runtime and be run by one thread at a time: a
/// second one inside is put off and counted (Runtime::refused_turns). Host names are asked of the system's resolver,
/// whose thread the io_context's destructor waits for.
///
/// The runtime may be destroyed within a turn, and while handlers of its own are pending in the io_context.
PEAL_API std::unique_ptr<Runtime> make_runtime(asio::io_context& context, AsioRuntimeOptions options = {});
/// For pools: everything of one UserAgent runs on this strand.
PEAL_API std::unique_ptr<Runtime> make_runtime(asio::strand<asio::any_io_executor> strand,
                                               AsioRuntimeOptions options = {});

}  // namespace peal::inline v0::transport
