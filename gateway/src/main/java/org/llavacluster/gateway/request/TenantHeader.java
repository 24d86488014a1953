package org.llavacluster.gateway.request;

import java.util.Optional;
import java.util.regex.Pattern;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * The header that names the tenant of a request, if the operator switched it on.
 *
 * @param name in lower case; absent where all requests have the same tenant
 */
public record TenantHeader(Optional<String> name) {

    private static final int MAX_CHARACTERS = 128;
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1," + MAX_CHARACTERS + "}");

    /**
     * @param value of the header in a request
     * @return empty for the tenant of requests that name none
     * @throws FailureException {@link Failure.Invalid} if it can be no name
     */
    public String tenant(Optional<String> value) {
        if (name.isEmpty() || value.isEmpty()) {
            return "";
        }
        if (!VISIBLE.matcher(value.get()).matches()) {
            throw new FailureException(new Failure.Invalid(
                    name.get(),
                    name.get() + " must have 1 to " + MAX_CHARACTERS + " visible ASCII characters, given "
                            + value.get().length()));
        }
        return value.get();
    }
}
