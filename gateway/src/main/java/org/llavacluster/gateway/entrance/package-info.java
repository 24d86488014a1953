/**
 * The HTTP port below Vert.x: which connections are accepted, what a request's head must be like and how soon it must be there, and
 * how many frames of HTTP/2 that carry nothing a connection may send. What breaks these rules is answered in JSON, closed and counted,
 * and never reaches Vert.x, nor the log.
 */
package org.llavacluster.gateway.entrance;
