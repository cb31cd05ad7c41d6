#include <peal/message/sdp/session_description.hpp>
#include <peal/message_json.hpp>

#include "json_text.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace peal::inline v0 {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const sdp::Connection& connection) {
  std::string out;
  connection.append_to(out);
  return out;
}

Json media_json(const sdp::SessionDescription& description, std::size_t index) {
  const auto& media = description.media()[index];
  const auto line = media.line();
  Json out;
  out["type"] = std::string(line.type);
  out["port"] = line.port;
  out["protocol"] = std::string(line.protocol);
  out["direction"] = std::string(sdp::to_string(description.direction_of(index)));
  if (auto connection = description.connection_of(index)) out["connection"] = text_of(*connection);
  auto& formats = out["formats"] = Json::array();
  for (const auto format : line.formats) {
    std::string codec;
    media.each("rtpmap", [&](std::string_view value) {
      if (auto map = sdp::Rtpmap::parse(value); map && std::to_string(map->payload_type) == format)
        codec = value.substr(value.find(' ') + 1);
    });
    Json entry;
    entry["format"] = std::string(format);
    if (!codec.empty()) entry["codec"] = codec;
    if (auto parameters = media.fmtp(format); !parameters.empty()) entry["parameters"] = std::string(parameters);
    formats.push_back(std::move(entry));
  }
  return out;
}

Json sdp_json(const sdp::SessionDescription& description) {
  Json out;
  std::string origin;
  description.origin().append_to(origin);
  out["origin"] = std::move(origin);
  out["session_name"] = std::string(description.session_name());
  auto& media = out["media"] = Json::array();
  for (std::size_t i = 0; i < description.media().size(); ++i) media.push_back(media_json(description, i));
  return out;
}

/// Text as it is, or under `name`_base64.
void put_text(Json& out, const std::string& name, std::string_view text) {
  if (detail::is_utf8(text))
    out[name] = std::string(text);
  else
    out[name + "_base64"] = detail::base64(text);
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The line of `field`; what stands between name and value and behind it only where it is unusual.
Json header_json(const HeaderField& field, std::string_view line) {
  Json out;
  out["name"] = std::string(field.name);
  put_text(out, "value", field.value);
  line = without_line_end(line);
  const auto value_at = static_cast<std::size_t>(field.value.data() - line.data());
  const auto separator = line.substr(field.name.size(), value_at - field.name.size());
  if (separator != ": ") out["separator"] = std::string(separator);
  if (const auto trailing = line.substr(value_at + field.value.size()); !trailing.empty())
    out["trailing"] = std::string(trailing);
  return out;
}

/// Printing puts a wrong Content-Length right and leaves out a second one, so this does too.
bool is_printed_otherwise(std::string_view value, std::size_t body_size) {
  std::size_t said = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), said);
  return error != std::errc{} || end != value.data() + value.size() || said != body_size;
}

Json headers_json(const Message& message) {
  auto out = Json::array();
  bool has_length = false;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto field = message.field(i);
    if (field.id == HeaderId::content_length) {
      if (std::exchange(has_length, true)) continue;
      if (is_printed_otherwise(field.value, message.body().size())) {
        Json entry;
        entry["name"] = std::string(field.name);
        entry["value"] = std::to_string(message.body().size());
        out.push_back(std::move(entry));
        continue;
      }
    }
    out.push_back(header_json(field, message.line(i)));
  }
  return out;
}

void put_rest(Json& out, const Message& message, std::string_view usual_start_line) {
  if (const auto line = without_line_end(message.start_line()); !line.empty() && line != usual_start_line)
    put_text(out, "start_line", line);
  out["headers"] = headers_json(message);
  const auto body = message.body();
  if (body.empty()) return;
  put_text(out, "body", body);
  if (auto text = message.body_of("application", "sdp")) {
    if (auto description = sdp::parse(*text))
      out["sdp"] = sdp_json(*description);
    else
      out["sdp_error"] = description.error().message() + " at byte " + std::to_string(description.error().offset);
  }
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);  // SDP may hold any byte
}

}  // namespace

std::string to_json(const Request& request, int indent) {
  Json out;
  out["kind"] = "request";
  out["method"] = std::string(request.method().name());
  put_text(out, "uri", request.uri().text());
  put_rest(out, request, detail::request_line(request.method().name(), request.uri().text()));
  return dump(out, indent);
}

std::string to_json(const Response& response, int indent) {
  Json out;
  out["kind"] = "response";
  out["code"] = response.status().value();
  put_text(out, "reason", response.reason());
  put_rest(out, response, detail::status_line(response.status().value(), response.reason()));
  return dump(out, indent);
}

std::string to_json(const std::variant<Request, Response>& message, int indent) {
  return std::visit([&](const auto& m) { return to_json(m, indent); }, message);
}

}  // namespace peal::inline v0
