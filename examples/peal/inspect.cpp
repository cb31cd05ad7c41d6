// peal inspect FILE: the message as JSON, or the places where it is no SIP and why; and the way back.
#include "commands.hpp"

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
#include <utility>
#include <variant>
#include <vector>

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
  std::string line_text;
};
Place place_of(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto before = text.substr(0, offset);
  const auto last_end = before.rfind('\n');
  const auto start = last_end == std::string_view::npos ? 0 : last_end + 1;
  const auto end = std::min(text.find_first_of("\r\n", start), text.size());
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  return {offset, line, offset - start + 1, std::string(text.substr(start, end - start))};
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

/// What is wrong at one place. `subject` is the header, or in JSON the member, that it belongs to.
struct Fault {
  Place place;
  std::string reason, subject{};
};

std::string as_json(const Fault& fault, const char* subject_name) {
  std::string out = "\"error\":" + quoted(fault.reason);
  if (!fault.subject.empty()) out += std::string(",\"") + subject_name + "\":" + quoted(fault.subject);
  return out + ",\"line\":" + std::to_string(fault.place.line) + ",\"column\":" + std::to_string(fault.place.column) +
         ",\"byte\":" + std::to_string(fault.place.byte) + ",\"text\":" + quoted(fault.place.line_text);
}

void print(const Fault& fault) {
  const auto& place = fault.place;
  const auto subject = fault.subject.empty() ? "" : printable(fault.subject) + ": ";
  std::printf("not valid: %s%s\nline %zu, column %zu (byte %zu)\n\n  %s\n  %s^\n", subject.c_str(),
              fault.reason.c_str(), place.line, place.column, place.byte, printable(place.line_text).c_str(),
              std::string(std::min(place.column - 1, place.line_text.size()), ' ').c_str());
}

int report(const Inspect& command, const std::vector<Fault>& faults, const char* kind) {
  if (!command.json) {
    for (const auto& fault : faults) {
      if (&fault != faults.data()) std::puts("");
      print(fault);
    }
    return failed;
  }
  std::string more;
  for (const auto& fault : faults) more += (more.empty() ? "{" : ",{") + as_json(fault, "header") + "}";
  std::printf("{\"kind\":\"%s\",%s,\"faults\":[%s]}\n", kind, as_json(faults.front(), "header").c_str(), more.c_str());
  return failed;
}

/// A text with its places; without the CRs that the file does not have.
struct Text {
  std::string bytes;
  bool converted = false;

  explicit Text(std::string file) : bytes(std::move(file)), converted(has_editor_line_ends(bytes)) {
    if (converted) bytes = with_crlf(bytes);
  }
  [[nodiscard]] Place at(std::size_t offset) const {
    auto place = place_of(bytes, offset);
    if (converted) place.byte -= place.line - 1;
    return place;
  }
};

/// Each line whose value its header's grammar refuses. A stack looks only at what it needs; who inspects a message
/// wants to know all. `start_line`: where it stands in `text`.
std::vector<Fault> header_faults(const peal::Message& message, const Text& text, std::size_t start_line) {
  std::vector<Fault> out;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto field = message.field(i);
    const auto ok = peal::header::check(field.id, field.value);
    if (ok) continue;
    const auto offset = start_line + static_cast<std::size_t>(field.value.data() - message.start_line().data());
    out.push_back({text.at(offset + ok.error().offset), ok.error().message(), std::string(field.name)});
  }
  return out;
}

/// `buffer`: what the message was parsed in, unless it was mended.
template <class M>
int show(const Inspect& command, const M& message, const char* buffer, const Text& text, const char* kind) {
  const auto start = buffer == nullptr ? 0 : static_cast<std::size_t>(message.start_line().data() - buffer);
  const auto faults = header_faults(message, buffer == nullptr ? Text(message.to_string()) : text, start);
  if (!faults.empty() && !command.interop) return report(command, faults, kind);
  if (buffer == nullptr) std::fputs("note: mended where it broke the grammar\n", stderr);
  for (const auto& fault : faults)
    std::fprintf(stderr, "note: line %zu, column %zu: %s: %s\n", fault.place.line, fault.place.column,
                 printable(fault.subject).c_str(), fault.reason.c_str());
  std::printf("%s\n", peal::to_json(message, 2).c_str());
  return success;
}

peal::ParseLimits limits_of(const Inspect& command) {
  peal::ParseLimits limits;
  limits.profile = command.interop ? peal::Profile::interop : peal::Profile::strict;
  return limits;
}

int inspect_sip(const Inspect& command) {
  const Text text(read_all(command.file));
  if (text.converted) std::fputs("note: the line ends are LF; read as CRLF, which SIP wants\n", stderr);
  if (text.bytes.empty()) return report(command, {{{0, 1, 1, {}}, "empty"}}, "nothing");

  std::string buffer = text.bytes;  // parsed in place: folded lines are unfolded in it
  buffer.resize(buffer.size() + peal::Parser::padding);
  peal::Parser parser(limits_of(command));
  const auto refuse = [&](const char* kind) {
    return report(command, {{text.at(parser.error().offset), parser.error().message()}}, kind);
  };
  const auto parsed = parser.parse(buffer.data(), text.bytes.size());
  const char* parsed_in = parser.mended() ? nullptr : buffer.data();
  switch (parsed) {
    case peal::Parsed::request: return show(command, parser.request(), parsed_in, text, "request");
    case peal::Parsed::response: return show(command, parser.response(), parsed_in, text, "response");
    case peal::Parsed::keep_alive:
      return report(command, {{text.at(0), "a keep-alive (RFC 5626 §3.5.1), no message"}}, "keep_alive");
    case peal::Parsed::bad_request: return refuse("request");
    case peal::Parsed::bad_response: return refuse("response");
    case peal::Parsed::garbage: break;
  }
  return refuse("garbage");
}

/// The SIP text of a message as JSON, byte for byte as it goes on the wire.
int print_sip(const Inspect& command) {
  const auto json = read_all(command.file);
  const auto message = peal::message_from_json(json, limits_of(command));
  if (message) {
    const auto text = std::visit([](const auto& m) { return m.to_string(); }, *message);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return success;
  }
  const auto& error = message.error();
  if (error.in_json_text()) {
    const Fault fault{place_of(json, error.offset), error.reason()};
    if (!command.json) return print(fault), failed;
    std::printf("{\"kind\":\"json\",%s}\n", as_json(fault, "pointer").c_str());
  } else if (command.json) {
    std::printf("{\"kind\":\"json\",\"error\":%s,\"pointer\":%s}\n", quoted(error.message()).c_str(),
                quoted(error.pointer).c_str());
  } else {
    std::printf("not valid: %s\n", printable(error.message()).c_str());
  }
  return failed;
}

}  // namespace

int run(const Inspect& command) { return command.from_json ? print_sip(command) : inspect_sip(command); }

}  // namespace cli
