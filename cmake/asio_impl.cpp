// Asio's non-template half, compiled here once for the whole program.
#include <asio/impl/src.hpp>
