#include <peal/message/sdp/session_description.hpp>
#include <peal/message_json.hpp>

#include "json_text.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

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

void put_rest(Json& out, const Message& message) {
  auto& headers = out["headers"] = Json::array();
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto field = message.field(i);
    Json entry;
    entry["name"] = std::string(field.name);
    entry["value"] = std::string(field.value);
    headers.push_back(std::move(entry));
  }
  const auto body = message.body();
  if (body.empty()) return;
  if (detail::is_utf8(body))
    out["body"] = std::string(body);
  else
    out["body_base64"] = detail::base64(body);
  if (auto text = message.body_of("application", "sdp")) {
    if (auto description = sdp::parse(*text))
      out["sdp"] = sdp_json(*description);
    else
      out["sdp_error"] = description.error().message() + " at byte " + std::to_string(description.error().offset);
  }
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);  // a header value may hold any byte
}

}  // namespace

std::string to_json(const Request& request, int indent) {
  Json out;
  out["kind"] = "request";
  out["method"] = std::string(request.method().name());
  out["uri"] = std::string(request.uri().text());
  put_rest(out, request);
  return dump(out, indent);
}

std::string to_json(const Response& response, int indent) {
  Json out;
  out["kind"] = "response";
  out["code"] = response.status().value();
  out["reason"] = std::string(response.reason());
  put_rest(out, response);
  return dump(out, indent);
}

}  // namespace peal::inline v0
