#pragma once

#include <peal/message/export.hpp>
#include <peal/transport/runtime.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>

#include <memory>

namespace peal::inline v0::transport {

struct AsioRuntimeOptions {
  LogSink* log = nullptr;  ///< nullptr: errors and warnings to stderr
};

/// The real clock, network and chance. The io_context must outlive the runtime and be run by one thread.
PEAL_API std::unique_ptr<Runtime> make_runtime(asio::io_context& context, AsioRuntimeOptions options = {});
/// For pools: everything of one UserAgent runs on this strand.
PEAL_API std::unique_ptr<Runtime> make_runtime(asio::strand<asio::any_io_executor> strand, AsioRuntimeOptions options = {});

}  // namespace peal::inline v0::transport
