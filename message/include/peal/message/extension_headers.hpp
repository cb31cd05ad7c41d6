#pragma once

#include <peal/message/caller_preferences.hpp>
#include <peal/message/consent_values.hpp>
#include <peal/message/dialog_values.hpp>
#include <peal/message/event_values.hpp>
#include <peal/message/formed_addr.hpp>
#include <peal/message/headers.hpp>
#include <peal/message/history_values.hpp>
#include <peal/message/identity_values.hpp>
#include <peal/message/ims_values.hpp>
#include <peal/message/location_values.hpp>
#include <peal/message/refer_values.hpp>
#include <peal/message/security_values.hpp>

/// The headers that extensions of SIP register: those with a type first, then those that are kept as text.
namespace peal::inline v0::header {

// clang-format off
inline constexpr Header<Reason> reason{"Reason", '\0', Occurs::list, "RFC 3326 §2", detail::id(HeaderId::reason)};
inline constexpr Header<Event> event{"Event", 'o', Occurs::once, "RFC 6665 §8.4", detail::id(HeaderId::event)};
inline constexpr Header<EventType> allow_events{"Allow-Events", 'u', Occurs::list, "RFC 6665 §8.4", detail::id(HeaderId::allow_events)};
inline constexpr Header<SubscriptionState> subscription_state{"Subscription-State", '\0', Occurs::once, "RFC 6665 §8.4", detail::id(HeaderId::subscription_state)};
inline constexpr Header<SessionExpires> session_expires{"Session-Expires", 'x', Occurs::once, "RFC 4028 §4", detail::id(HeaderId::session_expires)};
inline constexpr Header<MinSe> min_se{"Min-SE", '\0', Occurs::once, "RFC 4028 §5", detail::id(HeaderId::min_se)};
inline constexpr Header<RAck> rack{"RAck", '\0', Occurs::once, "RFC 3262 §7.2", detail::id(HeaderId::rack)};
inline constexpr Header<RSeq> rseq{"RSeq", '\0', Occurs::once, "RFC 3262 §7.1", detail::id(HeaderId::rseq)};
inline constexpr Header<ReferTo> refer_to{"Refer-To", 'r', Occurs::once, "RFC 3515 §2.1", detail::id(HeaderId::refer_to)};
inline constexpr Header<ReferredBy> referred_by{"Referred-By", 'b', Occurs::once, "RFC 3892 §3", detail::id(HeaderId::referred_by)};
inline constexpr Header<Replaces> replaces{"Replaces", '\0', Occurs::once, "RFC 3891 §6.1", detail::id(HeaderId::replaces)};
inline constexpr Header<BracketedAddr> path{"Path", '\0', Occurs::list, "RFC 3327 §4", detail::id(HeaderId::path)};
inline constexpr Header<BracketedAddr> service_route{"Service-Route", '\0', Occurs::list, "RFC 3608 §3", detail::id(HeaderId::service_route)};
inline constexpr Header<IdentityAddr> p_asserted_identity{"P-Asserted-Identity", '\0', Occurs::list, "RFC 3325 §9.1", detail::id(HeaderId::p_asserted_identity)};
inline constexpr Header<Privacy> privacy{"Privacy", '\0', Occurs::once, "RFC 3323 §4.2", detail::id(HeaderId::privacy)};
inline constexpr Header<SessionId> session_id{"Session-ID", '\0', Occurs::once, "RFC 7989 §5", detail::id(HeaderId::session_id)};
inline constexpr Header<HistoryInfo> history_info{"History-Info", '\0', Occurs::list, "RFC 7044 §5", detail::id(HeaderId::history_info)};
inline constexpr Header<Token> p_early_media{"P-Early-Media", '\0', Occurs::list_or_none, "RFC 5009 §8", detail::id(HeaderId::p_early_media)};
inline constexpr Header<ContactPredicate> accept_contact{"Accept-Contact", 'a', Occurs::list, "RFC 3841 §9.2", detail::id(HeaderId::accept_contact)};
inline constexpr Header<ResourceValue> accept_resource_priority{"Accept-Resource-Priority", '\0', Occurs::list_or_none, "RFC 4412 §3.2", detail::id(HeaderId::accept_resource_priority)};
inline constexpr Header<AlertMsgError> alertmsg_error{"AlertMsg-Error", '\0', Occurs::once, "RFC 8876 §5.2", detail::id(HeaderId::alertmsg_error)};
inline constexpr Header<AnswerMode> answer_mode{"Answer-Mode", '\0', Occurs::once, "RFC 5373 §2", detail::id(HeaderId::answer_mode)};
inline constexpr Header<ContentId> content_id{"Content-ID", '\0', Occurs::once, "RFC 8262 §3.2", detail::id(HeaderId::content_id)};
inline constexpr Header<Diversion> diversion{"Diversion", '\0', Occurs::list, "RFC 5806 §4", detail::id(HeaderId::diversion)};
inline constexpr Header<FeatureCaps> feature_caps{"Feature-Caps", '\0', Occurs::list, "RFC 6809 §6.2", detail::id(HeaderId::feature_caps)};
inline constexpr Header<Number> flow_timer{"Flow-Timer", '\0', Occurs::once, "RFC 5626 §10", detail::id(HeaderId::flow_timer)};
inline constexpr Header<Geolocation> geolocation{"Geolocation", '\0', Occurs::list, "RFC 6442 §4.1", detail::id(HeaderId::geolocation)};
inline constexpr Header<GeolocationError> geolocation_error{"Geolocation-Error", '\0', Occurs::once, "RFC 6442 §4.4", detail::id(HeaderId::geolocation_error)};
inline constexpr Header<GeolocationRouting> geolocation_routing{"Geolocation-Routing", '\0', Occurs::once, "RFC 6442 §4.2", detail::id(HeaderId::geolocation_routing)};
inline constexpr Header<Identity> identity{"Identity", 'y', Occurs::lines, "RFC 8224 §4", detail::id(HeaderId::identity)};
inline constexpr Header<InfoPackage> info_package{"Info-Package", '\0', Occurs::once, "RFC 6086 §9.2", detail::id(HeaderId::info_package)};
inline constexpr Header<Join> join{"Join", '\0', Occurs::once, "RFC 3911 §7.1", detail::id(HeaderId::join)};
inline constexpr Header<Number> max_breadth{"Max-Breadth", '\0', Occurs::once, "RFC 5393 §5.8", detail::id(HeaderId::max_breadth)};
inline constexpr Header<AccessNetwork> p_access_network_info{"P-Access-Network-Info", '\0', Occurs::list, "RFC 7315 §4.4", detail::id(HeaderId::p_access_network_info)};
inline constexpr Header<BracketedAddr> p_associated_uri{"P-Associated-URI", '\0', Occurs::list_or_none, "RFC 7315 §4.1", detail::id(HeaderId::p_associated_uri)};
inline constexpr Header<BracketedAddr> p_called_party_id{"P-Called-Party-ID", '\0', Occurs::once, "RFC 7315 §4.2", detail::id(HeaderId::p_called_party_id)};
inline constexpr Header<ChargingVector> p_charging_vector{"P-Charging-Vector", '\0', Occurs::once, "RFC 7315 §4.6", detail::id(HeaderId::p_charging_vector)};
inline constexpr Header<IdentityAddr> p_preferred_identity{"P-Preferred-Identity", '\0', Occurs::list, "RFC 3325 §9.2", detail::id(HeaderId::p_preferred_identity)};
inline constexpr Header<VisitedNetwork> p_visited_network_id{"P-Visited-Network-ID", '\0', Occurs::list, "RFC 7315 §4.3", detail::id(HeaderId::p_visited_network_id)};
inline constexpr Header<PartyAddr> permission_missing{"Permission-Missing", '\0', Occurs::list, "RFC 5360 §5.9.3", detail::id(HeaderId::permission_missing)};
inline constexpr Header<PolicyContact> policy_contact{"Policy-Contact", '\0', Occurs::list, "RFC 6794 §4.4.5.2", detail::id(HeaderId::policy_contact)};
inline constexpr Header<AnswerMode> priv_answer_mode{"Priv-Answer-Mode", '\0', Occurs::once, "RFC 5373 §2", detail::id(HeaderId::priv_answer_mode)};
inline constexpr Header<InfoPackage> recv_info{"Recv-Info", '\0', Occurs::list_or_none, "RFC 6086 §9.2", detail::id(HeaderId::recv_info)};
inline constexpr Header<ReferEventsAt> refer_events_at{"Refer-Events-At", '\0', Occurs::once, "RFC 7614 §4.8", detail::id(HeaderId::refer_events_at)};
inline constexpr Header<ReferSub> refer_sub{"Refer-Sub", '\0', Occurs::once, "RFC 4488 §4", detail::id(HeaderId::refer_sub)};
inline constexpr Header<ContactPredicate> reject_contact{"Reject-Contact", 'j', Occurs::list, "RFC 3841 §9.2", detail::id(HeaderId::reject_contact)};
inline constexpr Header<Directive> request_disposition{"Request-Disposition", 'd', Occurs::list, "RFC 3841 §9.1", detail::id(HeaderId::request_disposition)};
inline constexpr Header<ResourceValue> resource_priority{"Resource-Priority", '\0', Occurs::list, "RFC 4412 §3.1", detail::id(HeaderId::resource_priority)};
inline constexpr Header<SecurityMechanism> security_client{"Security-Client", '\0', Occurs::list, "RFC 3329 §2.2", detail::id(HeaderId::security_client)};
inline constexpr Header<SecurityMechanism> security_server{"Security-Server", '\0', Occurs::list, "RFC 3329 §2.2", detail::id(HeaderId::security_server)};
inline constexpr Header<SecurityMechanism> security_verify{"Security-Verify", '\0', Occurs::list, "RFC 3329 §2.2", detail::id(HeaderId::security_verify)};
inline constexpr Header<Token> sip_etag{"SIP-ETag", '\0', Occurs::once, "RFC 3903 §11.3.1", detail::id(HeaderId::sip_etag)};
inline constexpr Header<Token> sip_if_match{"SIP-If-Match", '\0', Occurs::once, "RFC 3903 §11.3.2", detail::id(HeaderId::sip_if_match)};
inline constexpr Header<Token> suppress_if_match{"Suppress-If-Match", '\0', Occurs::once, "RFC 5839 §7.3", detail::id(HeaderId::suppress_if_match)};
inline constexpr Header<TargetDialog> target_dialog{"Target-Dialog", '\0', Occurs::once, "RFC 4538 §7", detail::id(HeaderId::target_dialog)};
inline constexpr Header<TriggerConsent> trigger_consent{"Trigger-Consent", '\0', Occurs::list, "RFC 5360 §5.11.2", detail::id(HeaderId::trigger_consent)};
inline constexpr Header<UserToUser> user_to_user{"User-to-User", '\0', Occurs::list, "RFC 7433 §4.1", detail::id(HeaderId::user_to_user)};

inline constexpr Header<Text> additional_identity{"Additional-Identity", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.20", detail::id(HeaderId::additional_identity)};
inline constexpr Header<Text> attestation_info{"Attestation-Info", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.18", detail::id(HeaderId::attestation_info)};
inline constexpr Header<Text> cellular_network_info{"Cellular-Network-Info", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.15", detail::id(HeaderId::cellular_network_info)};
inline constexpr Header<Text> dc_info{"DC-Info", '\0', Occurs::lines, "3GPP TS 24.229", detail::id(HeaderId::dc_info)};
inline constexpr Header<Text> encryption{"Encryption", '\0', Occurs::lines, "RFC 3261 §20, deprecated", detail::id(HeaderId::encryption)};
inline constexpr Header<Text> hide{"Hide", '\0', Occurs::lines, "RFC 3261 §20, deprecated", detail::id(HeaderId::hide)};
inline constexpr Header<Text> identity_info{"Identity-Info", '\0', Occurs::lines, "RFC 4474 §9, deprecated by RFC 8224", detail::id(HeaderId::identity_info)};
inline constexpr Header<Text> origination_id{"Origination-Id", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.19", detail::id(HeaderId::origination_id)};
inline constexpr Header<Text> p_answer_state{"P-Answer-State", '\0', Occurs::lines, "RFC 4964 §3.1", detail::id(HeaderId::p_answer_state)};
inline constexpr Header<Text> p_asserted_service{"P-Asserted-Service", '\0', Occurs::lines, "RFC 6050 §4.1", detail::id(HeaderId::p_asserted_service)};
inline constexpr Header<Text> p_charge_info{"P-Charge-Info", '\0', Occurs::lines, "RFC 8496 §3", detail::id(HeaderId::p_charge_info)};
inline constexpr Header<Text> p_charging_function_addresses{"P-Charging-Function-Addresses", '\0', Occurs::lines, "RFC 7315 §4.5", detail::id(HeaderId::p_charging_function_addresses)};
inline constexpr Header<Text> p_dcs_billing_info{"P-DCS-Billing-Info", '\0', Occurs::lines, "RFC 5503 §7", detail::id(HeaderId::p_dcs_billing_info)};
inline constexpr Header<Text> p_dcs_laes{"P-DCS-LAES", '\0', Occurs::lines, "RFC 5503 §8", detail::id(HeaderId::p_dcs_laes)};
inline constexpr Header<Text> p_dcs_osps{"P-DCS-OSPS", '\0', Occurs::lines, "RFC 5503 §6", detail::id(HeaderId::p_dcs_osps)};
inline constexpr Header<Text> p_dcs_redirect{"P-DCS-Redirect", '\0', Occurs::lines, "RFC 5503 §8", detail::id(HeaderId::p_dcs_redirect)};
inline constexpr Header<Text> p_dcs_trace_party_id{"P-DCS-Trace-Party-ID", '\0', Occurs::lines, "RFC 5503 §5", detail::id(HeaderId::p_dcs_trace_party_id)};
inline constexpr Header<Text> p_media_authorization{"P-Media-Authorization", '\0', Occurs::lines, "RFC 3313 §5.1", detail::id(HeaderId::p_media_authorization)};
inline constexpr Header<Text> p_preferred_service{"P-Preferred-Service", '\0', Occurs::lines, "RFC 6050 §4.2", detail::id(HeaderId::p_preferred_service)};
inline constexpr Header<Text> p_private_network_indication{"P-Private-Network-Indication", '\0', Occurs::lines, "RFC 7316 §6", detail::id(HeaderId::p_private_network_indication)};
inline constexpr Header<Text> p_profile_key{"P-Profile-Key", '\0', Occurs::lines, "RFC 5002 §5", detail::id(HeaderId::p_profile_key)};
inline constexpr Header<Text> p_refused_uri_list{"P-Refused-URI-List", '\0', Occurs::lines, "RFC 5318 §4.1", detail::id(HeaderId::p_refused_uri_list)};
inline constexpr Header<Text> p_served_user{"P-Served-User", '\0', Occurs::lines, "RFC 5502 §6", detail::id(HeaderId::p_served_user)};
inline constexpr Header<Text> p_user_database{"P-User-Database", '\0', Occurs::lines, "RFC 4457 §4", detail::id(HeaderId::p_user_database)};
inline constexpr Header<Text> policy_id{"Policy-ID", '\0', Occurs::lines, "RFC 6794 §4.4.5.1", detail::id(HeaderId::policy_id)};
inline constexpr Header<Text> priority_share{"Priority-Share", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.16", detail::id(HeaderId::priority_share)};
inline constexpr Header<Text> priority_verstat{"Priority-Verstat", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.21", detail::id(HeaderId::priority_verstat)};
inline constexpr Header<Text> reason_phrase{"Reason-Phrase", '\0', Occurs::lines, "RFC 6873 §4.4, reserved", detail::id(HeaderId::reason_phrase)};
inline constexpr Header<Text> relayed_charge{"Relayed-Charge", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.12", detail::id(HeaderId::relayed_charge)};
inline constexpr Header<Text> resource_share{"Resource-Share", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.13", detail::id(HeaderId::resource_share)};
inline constexpr Header<Text> response_key{"Response-Key", '\0', Occurs::lines, "RFC 3261 §20, deprecated", detail::id(HeaderId::response_key)};
inline constexpr Header<Text> response_source{"Response-Source", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.17", detail::id(HeaderId::response_source)};
inline constexpr Header<Text> restoration_info{"Restoration-Info", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.11", detail::id(HeaderId::restoration_info)};
inline constexpr Header<Text> service_interact_info{"Service-Interact-Info", '\0', Occurs::lines, "3GPP TS 24.229 §7.2.14", detail::id(HeaderId::service_interact_info)};
// clang-format on

}  // namespace peal::inline v0::header
