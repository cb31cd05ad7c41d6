#pragma once

#include "scanning.hpp"

#include <peal/message/name_addr.hpp>
#include <peal/message/via.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

/// The grammar for everybody but the reader of datagrams: no special instructions.
namespace peal::inline v0::grammar {

using namespace scanning;

#include "grammar.inc"

}  // namespace peal::inline v0::grammar
