#pragma once

#include <peal/transport/endpoint.hpp>

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace peal::inline v0 {

/// Which part of the world ended something.
enum class Layer : std::uint8_t { local, sip, transaction, transport, tls, dns, timer };

PEAL_API std::string_view name_of(Layer layer) noexcept;

/// One target that was tried, and how it failed.
struct Attempt {
  transport::Target target;
  std::error_code error;
  int status = 0;  ///< the SIP answer when there was one
};

/// Why something ended. Exactly one for each call, registration, subscription…
struct Cause {
  Layer layer = Layer::local;
  int code = 0;           ///< SIP status for Layer::sip, the error's number otherwise; 0: normal end
  std::string text;       ///< reason phrase or error message
  std::error_code error;  ///< the typed error, when it was one
  transport::Endpoint peer;
  std::vector<Attempt> attempts;

  Cause() = default;
  Cause(Layer l, int c, std::string t) : layer(l), code(c), text(std::move(t)) {}
  Cause(Layer l, std::error_code e) : layer(l), code(e.value()), text(e.message()), error(e) {}
};

}  // namespace peal::inline v0
