// peal inspect FILE: the message as JSON, or the place where it stops being SIP and why.
#include "commands.hpp"
#include "header_check.hpp"

#include <peal/message/parse.hpp>
#include <peal/message_json.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cli {

namespace {

std::string read_all(const std::string& file) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A message that an editor saved has LF where SIP has CRLF. When there is no CR at all, that is what happened.
bool has_editor_line_ends(std::string_view text) {
  return text.find('\r') == std::string_view::npos && text.find('\n') != std::string_view::npos;
}
std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

/// Where a byte of the text stands, as editors count.
struct Place {
  std::size_t byte, line, column;
  std::string_view line_text;
};
Place place_of(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto before = text.substr(0, offset);
  const auto last_end = before.rfind('\n');
  const auto start = last_end == std::string_view::npos ? 0 : last_end + 1;
  const auto end = std::min(text.find_first_of("\r\n", start), text.size());
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  return {offset, line, offset - start + 1, text.substr(start, end - start)};
}

/// Only what a terminal shows as one column; a tab counts as one.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 0x20 && c < 0x7F ? c : (c == '\t' ? ' ' : '?');
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

int report(const Inspect& command, const Place& place, const std::string& reason, const char* kind) {
  if (command.json) {
    std::printf("{\"kind\":\"%s\",\"error\":%s,\"line\":%zu,\"column\":%zu,\"byte\":%zu,\"text\":%s}\n", kind,
                quoted(reason).c_str(), place.line, place.column, place.byte, quoted(place.line_text).c_str());
    return failed;
  }
  std::printf("not valid: %s\nline %zu, column %zu (byte %zu)\n\n  %s\n  %s^\n", reason.c_str(), place.line,
              place.column, place.byte, printable(place.line_text).c_str(),
              std::string(std::min(place.column - 1, place.line_text.size()), ' ').c_str());
  return failed;
}

}  // namespace

int run(const Inspect& command) {
  const auto file = read_all(command.file);
  const bool converted = has_editor_line_ends(file);
  const auto text = converted ? with_crlf(file) : file;
  if (converted) std::fputs("note: the line ends are LF; read as CRLF, which SIP wants\n", stderr);
  if (text.empty()) return report(command, {0, 1, 1, {}}, "empty", "nothing");

  auto fail_at = [&](std::size_t offset, const std::string& reason, const char* kind) {
    auto place = place_of(text, offset);
    if (converted) place.byte -= place.line - 1;  // the CRs that the file does not have
    return report(command, place, reason, kind);
  };

  std::string buffer = text;  // parsed in place: folded lines are unfolded in it
  buffer.resize(buffer.size() + peal::Parser::padding);
  peal::Parser parser;
  switch (parser.parse(buffer.data(), text.size())) {
    case peal::Parsed::request:
      if (auto fault = check_headers(parser.request(), buffer.data()))
        return fail_at(fault->offset, fault->reason, "request");
      std::printf("%s\n", peal::to_json(parser.request(), 2).c_str());
      return success;
    case peal::Parsed::response:
      if (auto fault = check_headers(parser.response(), buffer.data()))
        return fail_at(fault->offset, fault->reason, "response");
      std::printf("%s\n", peal::to_json(parser.response(), 2).c_str());
      return success;
    case peal::Parsed::keep_alive: return fail_at(0, "a keep-alive (RFC 5626 §3.5.1), no message", "keep_alive");
    case peal::Parsed::bad_request: return fail_at(parser.error().offset, parser.error().message(), "request");
    case peal::Parsed::bad_response: return fail_at(parser.error().offset, parser.error().message(), "response");
    case peal::Parsed::garbage: break;
  }
  return fail_at(parser.error().offset, parser.error().message(), "garbage");
}

}  // namespace cli
