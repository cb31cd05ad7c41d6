#include "ascii.hpp"
#include "body_reader.hpp"

#include <peal/message/uri.hpp>

namespace peal::inline v0 {

namespace {

constexpr std::uint32_t nowhere = 0xffff'ffffU;

std::string_view without_brackets(std::string_view id) {
  id = ascii::trim(id);
  if (id.size() < 2 || id.front() != '<' || id.back() != '>') return id;
  return ascii::trim(id.substr(1, id.size() - 2));
}

bool fits(std::string_view pattern, std::string_view text) { return pattern == "*" || ascii::equal(pattern, text); }

bool plain_encoding(std::optional<std::string_view> encoding) {
  return !encoding || encoding->empty() || ascii::equal(*encoding, "identity");
}

bool fits(const UnderstoodBody& what, const BodyPart& part) {
  return fits(what.type, part.type().type()) && fits(what.subtype, part.type().subtype()) &&
         fits(what.disposition, part.disposition().type) && plain_encoding(part.raw("Content-Encoding"));
}

bool fits_any(std::span<const UnderstoodBody> ours, const BodyPart& part) {
  for (const auto& what : ours)
    if (fits(what, part)) return true;
  return false;
}

bool is_alternative(const BodyPart& part) { return part.is_multipart() && part.is("multipart", "alternative"); }

/// What can be said of each node of a body, from the leaves up.
class Judgement {
 public:
  Judgement(const BodyView& body, std::span<const UnderstoodBody> ours) : marks_(body.parts().size()) {
    const auto parts = body.parts();
    for (auto i = parts.size(); i-- > 0;) {
      const auto& part = parts[i];
      auto& mark = marks_[i];
      mark.whole = fits_any(ours, part);
      if (mark.whole || !part.is_multipart()) {
        mark.acceptable = mark.useful = mark.whole;
        continue;
      }
      const bool alternative = is_alternative(part);
      mark.acceptable = !alternative;
      body.each_part(part, [&](const BodyPart& child) {
        const auto& its = marks_[static_cast<std::size_t>(&child - parts.data())];
        const bool usable = its.acceptable && its.useful;
        if (usable) mark.useful = true;
        if (alternative)
          mark.acceptable = mark.acceptable || usable;
        else if (child.disposition().required && !its.acceptable)
          mark.acceptable = false;
      });
    }
  }

  struct Mark {
    bool whole = false;       ///< the caller named it
    bool acceptable = false;  ///< nothing in it must be handled and cannot be
    bool useful = false;      ///< something in it is understood
  };
  [[nodiscard]] const Mark& operator[](std::size_t index) const { return marks_[index]; }

 private:
  std::vector<Mark> marks_;
};

}  // namespace

std::string_view BodyPart::content_id() const noexcept { return without_brackets(raw("Content-ID").value_or("")); }

const BodyPart* BodyView::root_of(const BodyPart& related) const {
  const auto start = related.type().params().find("start");
  const auto wanted = start ? start->unquoted() : std::string();
  const BodyPart* first = nullptr;
  const BodyPart* named = nullptr;
  each_part(related, [&](const BodyPart& part) {
    if (first == nullptr) first = &part;
    if (start && named == nullptr && !wanted.empty() && part.content_id() == without_brackets(wanted)) named = &part;
  });
  return named != nullptr ? named : first;
}

const BodyPart* BodyView::find(const UnderstoodBody& what, bool roots_only) const {
  const auto all = parts();
  std::vector<std::uint32_t> hit(all.size(), nowhere);
  for (auto i = all.size(); i-- > 0;) {
    const auto& part = all[i];
    if (fits(what, part)) {
      hit[i] = static_cast<std::uint32_t>(i);
    } else if (roots_only && part.is_multipart() && part.is("multipart", "related")) {
      if (const auto* root = root_of(part)) hit[i] = hit[index_of(*root)];
    } else {
      const bool last = is_alternative(part);
      each_part(part, [&](const BodyPart& child) {
        const auto found = hit[index_of(child)];
        if (found != nowhere && (last || hit[i] == nowhere)) hit[i] = found;
      });
    }
  }
  return all.empty() || hit[0] == nowhere ? nullptr : &all[hit[0]];
}

const BodyPart* BodyView::find(const UnderstoodBody& what) const { return find(what, false); }

const BodyPart* BodyView::find_session(std::string_view type, std::string_view subtype) const {
  return find({type, subtype, "session"}, true);
}

const BodyPart* BodyView::find_id(std::string_view id) const {
  std::string unescaped;
  if (ascii::equal(id.substr(0, 4), "cid:")) {
    unescaped = unescape(id.substr(4));
    id = unescaped;
  }
  for (const auto wanted : {id, without_brackets(id)}) {
    if (wanted.empty()) return nullptr;
    for (const auto& part : parts())
      if (part.content_id() == wanted) return &part;
  }
  return nullptr;
}

std::vector<const BodyPart*> BodyView::not_understood(std::span<const UnderstoodBody> ours) const {
  std::vector<const BodyPart*> out;
  const Judgement judgement(*this, ours);
  const auto all = parts();
  for (std::size_t i = 0; i < all.size();) {
    const auto& part = all[i];
    const bool descend =
        part.disposition().required && part.is_multipart() && !judgement[i].whole && !is_alternative(part);
    if (!descend && part.disposition().required && !judgement[i].acceptable) out.push_back(&part);
    i = descend ? i + 1 : part.end_;
  }
  return out;
}

const BodyPart* BodyView::choose(const BodyPart& alternative, std::span<const UnderstoodBody> ours) const {
  const Judgement judgement(*this, ours);
  const BodyPart* out = nullptr;
  each_part(alternative, [&](const BodyPart& part) {
    const auto& mark = judgement[index_of(part)];
    if (mark.acceptable && mark.useful) out = &part;
  });
  return out;
}

// ---- of a message

namespace {

std::optional<std::string_view> bytes_of(const BodyPart* part) {
  return part == nullptr ? std::nullopt : std::optional(part->bytes());
}

/// The answer for what most messages carry: one body that is no multipart. nullopt: look closer.
std::optional<bool> plain_body_is(const Message& message, std::string_view type, std::string_view subtype) {
  if (message.body().empty()) return false;
  const auto media = message.get(header::content_type);
  if (!media || ascii::equal(media->type(), "multipart") || message.raw("Content-Encoding") ||
      message.raw("Content-Disposition"))
    return std::nullopt;
  return media->is(type, subtype);
}

}  // namespace

std::optional<std::string_view> find_body(const Message& message, std::string_view type, std::string_view subtype) {
  if (const auto plain = plain_body_is(message, type, subtype))
    return *plain ? std::optional(message.body()) : std::nullopt;
  const auto body = BodyView::of(message);
  return body ? bytes_of(body->find({type, subtype})) : std::nullopt;
}

std::optional<std::string_view> find_session(const Message& message) {
  if (const auto plain = plain_body_is(message, "application", "sdp"))
    return *plain ? std::optional(message.body()) : std::nullopt;
  const auto body = BodyView::of(message);
  return body ? bytes_of(body->find_session()) : std::nullopt;
}

}  // namespace peal::inline v0
