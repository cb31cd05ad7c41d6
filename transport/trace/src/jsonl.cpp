#include <peal/trace/jsonl.hpp>
#include <peal/trace/redact.hpp>

#include "glance.hpp"
#include "visible.hpp"

#include <chrono>
#include <cstdio>

namespace peal::inline v0::trace {

namespace {

void append_escaped(std::string& out, std::uint32_t code) {
  char text[16];
  if (code > 0xffff) {
    code -= 0x10000;
    std::snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800U + (code >> 10U), 0xdc00U + (code & 0x3ffU));
  } else {
    std::snprintf(text, sizeof text, "\\u%04x", code);
  }
  out.append(text);
}

/// A JSON string (RFC 8259 §7) of valid UTF-8; a stray byte becomes U+FFFD. What a terminal would obey is escaped too.
void append_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_character(text, at);
    switch (c.valid ? c.code : 0xfffd) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\r': out.append("\\r"); break;
      case '\n': out.append("\\n"); break;
      case '\t': out.append("\\t"); break;
      default:
        if (!c.valid)
          out.append("\xef\xbf\xbd");
        else if (is_harmless(c.code))
          out.append(text.substr(at, c.size));
        else
          append_escaped(out, c.code);
    }
    at += c.size;
  }
  out.push_back('"');
}

void append_member(std::string& out, std::string_view name, std::string_view text, bool empty_is_null = false) {
  out.append(",\"").append(name).append("\":");
  if (text.empty() && empty_is_null)
    out.append("null");
  else
    append_string(out, text);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t i) {
      return at + i < bytes.size() ? std::uint32_t{static_cast<unsigned char>(bytes[at + i])} : 0U;
    };
    const auto group = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
    for (unsigned i = 0; i < 4; ++i)
      out.push_back(at + i > bytes.size() ? '=' : letters[(group >> (18 - 6 * i)) & 0x3fU]);
  }
  return out;
}

/// RFC 3339, UTC, microseconds.
std::string stamp(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::microseconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace

std::string json_line(const Record& record, Secrets secrets) {
  std::string out = "{\"ts\":";
  append_string(out, stamp(record.time));
  if (record.kind == Record::Kind::note) {
    append_member(out, "note", record.bytes);
    return out.append("}\n");
  }
  const auto text = secrets == Secrets::hidden ? redacted(record.bytes) : std::string(record.bytes);
  const auto seen = glance(text);
  const bool sip = seen.request || seen.response;
  append_member(out, "direction", record.direction == Direction::sent ? "sent" : "received");
  append_member(out, "protocol", transport::via_name(record.protocol));
  append_member(out, "local", record.local.to_string());
  append_member(out, "peer", record.peer.to_string());
  out.append(",\"size\":").append(std::to_string(record.bytes.size()));
  append_member(out, "start", sip ? seen.start : std::string_view{}, true);
  append_member(out, "call_id", seen.call_id, true);
  append_member(out, "cseq", seen.cseq, true);
  if (is_utf8(text)) {
    append_member(out, "text", text);
  } else {
    out.append(",\"text\":null");
    append_member(out, "base64", base64(text));
  }
  return out.append("}\n");
}

std::string jsonl(std::span<const Record> records, Secrets secrets) {
  std::string out;
  for (const auto& record : records) out.append(json_line(record, secrets));
  return out;
}

JsonlWriter::JsonlWriter(Output output, Secrets secrets) : output_(std::move(output)), secrets_(secrets) {}

void JsonlWriter::on_message(const transport::TapEvent& event) { output_(json_line(record_of(event), secrets_)); }

}  // namespace peal::inline v0::trace
