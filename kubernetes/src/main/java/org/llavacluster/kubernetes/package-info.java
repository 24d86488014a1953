/**
 * The cluster's members as Kubernetes knows them. Start at {@link KubernetesMembership}; {@link EndpointRoster} decides
 * who is a member.
 */
package org.llavacluster.kubernetes;
