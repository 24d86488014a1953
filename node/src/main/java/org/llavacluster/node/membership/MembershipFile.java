package org.llavacluster.node.membership;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The members as JSON: {@code {"members":[{"id":"vision-0","role":"VISION","host":"127.0.0.1","port":40001}]}}. */
public final class MembershipFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private MembershipFile() {}

    /** The members ordered by id. Throws an {@link IllegalArgumentException} that names the field. */
    public static List<Member> parse(byte[] json) {
        JsonNode entries;
        try {
            JsonNode root = JSON.readTree(json.length == 0 ? new byte[] {'{', '}'} : json);
            entries = root.path("members");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not JSON, line " + e.getLocation().getLineNr(), e);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        if (!entries.isArray()) {
            throw new IllegalArgumentException("members must be a list");
        }
        List<Member> members = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Member member = member(entries.get(i), "members[" + i + "]");
            if (!ids.add(member.id())) {
                throw new IllegalArgumentException("members[" + i + "].id '" + member.id() + "' occurs twice");
            }
            members.add(member);
        }
        members.sort(Comparator.comparing(Member::id));
        return List.copyOf(members);
    }

    private static Member member(JsonNode node, String at) {
        try {
            return new Member(
                    node.path("id").asText(),
                    MemberRole.valueOf(node.path("role").asText().toUpperCase(Locale.ROOT)),
                    node.path("host").asText(),
                    node.path("port").asInt());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at + ": " + e.getMessage(), e);
        }
    }

    /** The inverse of {@link #parse}. */
    public static byte[] write(List<Member> members) {
        var root = JSON.createObjectNode();
        var list = root.putArray("members");
        for (Member member : members) {
            list.addObject()
                    .put("id", member.id())
                    .put("role", member.role().name())
                    .put("host", member.host())
                    .put("port", member.port());
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
