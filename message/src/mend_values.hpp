#pragma once

#include <string>
#include <string_view>

/// One value of a header, written again as the grammar has it: appended to `out`. What is good already comes out as it
/// is. False: beyond help, or it could be read in two ways.
namespace peal::inline v0::mending {

using Piece = std::string_view;

/// One or several Via elements.
bool vias(Piece value, std::string& out);
/// name-addr or addr-spec with parameters. `route`: what has no <> gets them around everything.
bool address(Piece value, bool route, std::string& out);
bool addresses(Piece value, bool route, std::string& out);
/// A list of tokens: empty elements are dropped.
void tokens(Piece value, std::string& out);
/// A URI as it stands inside <>.
bool uri(Piece text, std::string& out);

}  // namespace peal::inline v0::mending
