// JSON text → DOM, with bounds → SIP text, with a map from its bytes to the members they came from → the parser.
#include <peal/message_json.hpp>

#include "json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peal::inline v0 {

namespace {

using Json = nlohmann::json;  // members sorted: an ordered_json with many takes quadratic time

constexpr std::size_t max_depth = 16;

tl::unexpected<JsonError> refuse(json_errc why, std::string pointer = {}, std::size_t offset = 0) {
  return tl::unexpected<JsonError>(JsonError(why, std::move(pointer), offset));
}

tl::unexpected<JsonError> not_sip(parse_errc why, std::string pointer) {
  JsonError out(json_errc::not_sip, std::move(pointer));
  out.parse = why;
  return tl::unexpected(std::move(out));
}

// ---- text to DOM

/// Before the text is read: NUL, where nlohmann's lexer would stop and ignore the rest, and depth.
Result<void, JsonError> check_shape(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') return refuse(json_errc::not_json, {}, i);
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_depth) return refuse(json_errc::too_deep, {}, i);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return {};
}

std::string child(std::string_view pointer, std::string_view name) {
  std::string out(pointer);
  out += '/';
  for (const char c : name) {
    if (c == '~' || c == '/')
      out += c == '~' ? "~0" : "~1";
    else
      out += c;
  }
  return out;
}

/// Listens to the parser for the member that repeats another: the DOM keeps one of them only.
class RepeatedMember {
 public:
  bool operator()(Json::parse_event_t event, const Json& value) {
    if (pointer_) return true;
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        levels_.emplace_back().array = event == Json::parse_event_t::array_start;
        break;
      case Json::parse_event_t::key: key(value.get_ref<const std::string&>()); break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end: levels_.pop_back(); [[fallthrough]];
      case Json::parse_event_t::value:
        if (!levels_.empty()) ++levels_.back().index;
        break;
    }
    return true;
  }
  const std::optional<std::string>& pointer() const { return pointer_; }

 private:
  struct Level {
    bool array = false;
    std::size_t index = 0;
    std::string name;
    std::set<std::string, std::less<>> names;
  };
  void key(const std::string& name) {
    levels_.back().name = name;
    if (levels_.back().names.insert(name).second) return;
    pointer_.emplace();
    for (const auto& level : levels_)
      pointer_ = child(*pointer_, level.array ? std::to_string(level.index) : level.name);
  }

  std::vector<Level> levels_;
  std::optional<std::string> pointer_;
};

Result<Json, JsonError> read_json(std::string_view text) {
  if (auto shape = check_shape(text); !shape) return tl::unexpected(shape.error());
  RepeatedMember repeated;
  try {
    auto json = Json::parse(text.begin(), text.end(),
                            [&](int, Json::parse_event_t event, Json& value) { return repeated(event, value); });
    if (repeated.pointer()) return refuse(json_errc::repeated_member, *repeated.pointer());
    return json;
  } catch (const Json::parse_error& error) {
    return refuse(json_errc::not_json, {}, std::min(error.byte == 0 ? 0 : error.byte - 1, text.size()));
  } catch (const Json::exception&) {  // a number that no double holds
    return refuse(json_errc::not_json);
  }
}

// ---- DOM to SIP text

/// The members of one object, each taken by name; what is left over is refused.
class Members {
 public:
  Members(const Json& object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {}

  const Json* find(const std::string& name) const {
    const auto at = object_.find(name);
    return at == object_.end() ? nullptr : &*at;
  }
  std::string pointer(std::string_view name) const { return child(pointer_, name); }

  Result<void, JsonError> only(std::initializer_list<std::string_view> known) const {
    for (const auto& [name, value] : object_.items())
      if (std::ranges::find(known, name) == known.end()) return refuse(json_errc::unknown_member, pointer(name));
    return {};
  }

  Result<std::optional<std::string>, JsonError> string(const std::string& name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::optional<std::string>{};
    if (!value->is_string()) return refuse(json_errc::wrong_type, pointer(name));
    return std::optional(value->get<std::string>());
  }

  /// `name`, or what `name`_base64 stands for. The pointer is that of the one which is there.
  struct Text {
    std::string text, pointer;
  };
  Result<std::optional<Text>, JsonError> text(const std::string& name) const {
    auto plain = string(name);
    if (!plain) return tl::unexpected(plain.error());
    const auto coded_name = name + "_base64";
    auto coded = string(coded_name);
    if (!coded) return tl::unexpected(coded.error());
    if (*plain && *coded) return refuse(json_errc::contradiction, pointer(coded_name));
    if (*plain) return std::optional(Text{std::move(**plain), pointer(name)});
    if (!*coded) return std::optional<Text>{};
    auto bytes = detail::from_base64(**coded);
    if (!bytes) return refuse(json_errc::bad_base64, pointer(coded_name));
    return std::optional(Text{std::move(*bytes), pointer(coded_name)});
  }
  Result<Text, JsonError> needed_text(const std::string& name) const {
    auto found = text(name);
    if (!found) return tl::unexpected(found.error());
    if (!*found) return refuse(json_errc::missing_member, pointer(name));
    return std::move(**found);
  }

 private:
  const Json& object_;
  std::string pointer_;
};

/// SIP text, and which member each part of it came from.
class SipText {
 public:
  /// CR and LF are never allowed in a line, NUL only as a quoted-pair (RFC 3261 §25.1).
  Result<void, JsonError> add_line_part(std::string_view part, std::string pointer) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      const char c = part[i];
      if (c == '\r' || c == '\n' || (c == '\0' && (i == 0 || part[i - 1] != '\\')))
        return refuse(json_errc::forbidden_byte, std::move(pointer), i);
    }
    add(part, std::move(pointer));
    return {};
  }
  void add(std::string_view part, std::string pointer) {
    origins_.push_back({text_.size(), std::move(pointer)});
    text_ += part;
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] JsonError error(ParseError why) const {
    JsonError out(json_errc::not_sip);
    out.parse = why.code;
    if (why.code == parse_errc::missing_header) {  // there is no place where it is not
      out.pointer = "/headers";
      return out;
    }
    const auto behind = std::ranges::upper_bound(origins_, std::size_t{why.offset}, {}, &Origin::start);
    if (behind != origins_.begin()) {
      out.pointer = std::prev(behind)->pointer;
      out.offset = why.offset - std::prev(behind)->start;
    }
    return out;
  }

 private:
  struct Origin {
    std::size_t start;
    std::string pointer;
  };
  std::string text_;
  std::vector<Origin> origins_;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// *( SP / HTAB ) ":" *( SP / HTAB )
bool is_separator(std::string_view text) {
  return std::ranges::count(text, ':') == 1 &&
         std::ranges::all_of(text, [](char c) { return c == ':' || is_blank(c); });
}

/// A colon in a name would move what is name and what is value.
bool is_name(std::string_view text) {
  constexpr std::string_view others = "-.!%*_+`'~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

Result<void, JsonError> add_header(SipText& out, const Json& header, const std::string& pointer) {
  if (!header.is_object()) return refuse(json_errc::wrong_type, pointer);
  const Members members(header, pointer);
  if (auto ok = members.only({"name", "value", "value_base64", "separator", "trailing"}); !ok) return ok;
  auto name = members.string("name");
  if (!name) return tl::unexpected(name.error());
  if (!*name) return refuse(json_errc::missing_member, members.pointer("name"));
  auto value = members.needed_text("value");
  if (!value) return tl::unexpected(value.error());
  auto separator = members.string("separator");
  if (!separator) return tl::unexpected(separator.error());
  auto trailing = members.string("trailing");
  if (!trailing) return tl::unexpected(trailing.error());

  if (auto ok = out.add_line_part(**name, members.pointer("name")); !ok) return ok;
  if (!is_name(**name)) return not_sip(parse_errc::bad_header_name, members.pointer("name"));
  if (auto ok = out.add_line_part(separator->value_or(": "), members.pointer("separator")); !ok) return ok;
  if (*separator && !is_separator(**separator))
    return not_sip(parse_errc::bad_header_name, members.pointer("separator"));
  if (auto ok = out.add_line_part(value->text, value->pointer); !ok) return ok;
  if (auto ok = out.add_line_part(trailing->value_or(""), members.pointer("trailing")); !ok) return ok;
  if (*trailing && !std::ranges::all_of(**trailing, is_blank))
    return not_sip(parse_errc::trailing_bytes, members.pointer("trailing"));
  out.add("\r\n", pointer);
  return {};
}

Result<void, JsonError> add_headers(SipText& out, const Members& members) {
  const auto* headers = members.find("headers");
  if (headers == nullptr) return refuse(json_errc::missing_member, members.pointer("headers"));
  if (!headers->is_array()) return refuse(json_errc::wrong_type, members.pointer("headers"));
  for (std::size_t i = 0; i < headers->size(); ++i)
    if (auto ok = add_header(out, (*headers)[i], child(members.pointer("headers"), std::to_string(i))); !ok) return ok;
  out.add("\r\n", members.pointer("headers"));
  return {};
}

/// What both kinds have behind the start line. Gives the body.
Result<std::string, JsonError> add_rest(SipText& out, const Members& members) {
  if (auto ok = add_headers(out, members); !ok) return tl::unexpected(ok.error());
  auto body = members.text("body");
  if (!body) return tl::unexpected(body.error());
  if (!*body) return std::string{};
  out.add((*body)->text, (*body)->pointer);
  return std::move((*body)->text);
}

/// True when the JSON spells the start line itself.
Result<bool, JsonError> add_start_line(SipText& out, const Members& members) {
  auto line = members.text("start_line");
  if (!line) return tl::unexpected(line.error());
  if (!*line) return false;
  if (auto ok = out.add_line_part((*line)->text, (*line)->pointer); !ok) return tl::unexpected(ok.error());
  out.add("\r\n", (*line)->pointer);
  return true;
}

/// What the parser read must be what the members say: a `method` with a blank in it could move what is the URI.
template <class M, class Same>
Result<std::variant<Request, Response>, JsonError> parse(const SipText& sip, const Members& members,
                                                         const std::string& body, const ParseLimits& limits,
                                                         Same same_start_line) {
  auto message = M::parse(sip.text(), limits);
  if (!message) return tl::unexpected(sip.error(message.error()));
  if (!same_start_line(*message)) return refuse(json_errc::contradiction, members.pointer("start_line"));
  if (message->body() != body) return refuse(json_errc::contradiction, members.pointer("body"));
  return std::variant<Request, Response>(std::move(*message));
}

Result<std::variant<Request, Response>, JsonError> read_request(const Members& members, const ParseLimits& limits) {
  auto method = members.string("method");
  if (!method) return tl::unexpected(method.error());
  if (!*method) return refuse(json_errc::missing_member, members.pointer("method"));
  auto uri = members.needed_text("uri");
  if (!uri) return tl::unexpected(uri.error());

  SipText sip;
  auto spelled = add_start_line(sip, members);
  if (!spelled) return tl::unexpected(spelled.error());
  if (!*spelled) {
    if (auto ok = sip.add_line_part(**method, members.pointer("method")); !ok) return tl::unexpected(ok.error());
    sip.add(" ", members.pointer("method"));
    if (auto ok = sip.add_line_part(uri->text, uri->pointer); !ok) return tl::unexpected(ok.error());
    sip.add(" SIP/2.0\r\n", uri->pointer);
  }
  auto body = add_rest(sip, members);
  if (!body) return tl::unexpected(body.error());
  return parse<Request>(sip, members, *body, limits, [&](const Request& request) {
    return request.method().name() == **method && request.uri().text() == uri->text;
  });
}

Result<std::variant<Request, Response>, JsonError> read_response(const Members& members, const ParseLimits& limits) {
  const auto* code = members.find("code");
  if (code == nullptr) return refuse(json_errc::missing_member, members.pointer("code"));
  if (!code->is_number_unsigned()) return refuse(json_errc::wrong_type, members.pointer("code"));
  const auto number = code->get<std::uint64_t>();
  auto reason = members.needed_text("reason");
  if (!reason) return tl::unexpected(reason.error());

  SipText sip;
  auto spelled = add_start_line(sip, members);
  if (!spelled) return tl::unexpected(spelled.error());
  if (!*spelled) {
    sip.add("SIP/2.0 " + std::to_string(number) + " ", members.pointer("code"));
    if (auto ok = sip.add_line_part(reason->text, reason->pointer); !ok) return tl::unexpected(ok.error());
    sip.add("\r\n", reason->pointer);
  }
  auto body = add_rest(sip, members);
  if (!body) return tl::unexpected(body.error());
  return parse<Response>(sip, members, *body, limits, [&](const Response& response) {
    return response.status().value() == number && response.reason() == reason->text;
  });
}

}  // namespace

Result<std::variant<Request, Response>, JsonError> message_from_json(std::string_view text, const ParseLimits& limits) {
  // A byte of a message may take six of JSON, and its SDP is summed up beside it.
  const auto most = std::size_t{limits.message_bytes} * 64 + 4'096;
  if (text.size() > most) return refuse(json_errc::too_long, {}, most);
  auto json = read_json(text);
  if (!json) return tl::unexpected(json.error());
  if (!json->is_object()) return refuse(json_errc::wrong_type);
  const Members members(*json, {});
  auto kind = members.string("kind");
  if (!kind) return tl::unexpected(kind.error());
  if (!*kind) return refuse(json_errc::missing_member, members.pointer("kind"));
  const bool request = **kind == "request";
  if (!request && **kind != "response") return refuse(json_errc::unknown_kind, members.pointer("kind"));
  const auto known = request
                         ? members.only({"kind", "method", "uri", "uri_base64", "start_line", "start_line_base64",
                                         "headers", "body", "body_base64", "sdp", "sdp_error"})
                         : members.only({"kind", "code", "reason", "reason_base64", "start_line", "start_line_base64",
                                         "headers", "body", "body_base64", "sdp", "sdp_error"});
  if (!known) return tl::unexpected(known.error());
  return request ? read_request(members, limits) : read_response(members, limits);
}

namespace {

const char* text_of(json_errc why) {
  switch (why) {
    case json_errc::no_result: return "no result was given";
    case json_errc::not_json: return "not JSON";
    case json_errc::too_long: return "longer than the JSON of any message";
    case json_errc::too_deep: return "nested too deep";
    case json_errc::wrong_type: return "a value of another type must stand here";
    case json_errc::missing_member: return "missing";
    case json_errc::unknown_member: return "no message has this member";
    case json_errc::repeated_member: return "stands twice";
    case json_errc::unknown_kind: return "neither \"request\" nor \"response\"";
    case json_errc::forbidden_byte: return "CR, LF or NUL in a line";
    case json_errc::bad_base64: return "not base64";
    case json_errc::contradiction: return "contradicts another member";
    case json_errc::not_sip: return "not SIP";
  }
  return "unknown error";
}

}  // namespace

std::string JsonError::reason() const {
  return code == json_errc::not_sip ? make_error_code(parse).message() : text_of(code);
}

std::string JsonError::message() const {
  std::string out(pointer);
  if (in_json_text() || code == json_errc::forbidden_byte || code == json_errc::not_sip) {
    if (!out.empty()) out += ", ";
    out += "byte " + std::to_string(offset);
  }
  if (!out.empty()) out += ": ";
  return out + reason();
}

}  // namespace peal::inline v0
