namespace Quorate.Model.Configuration;

/// <summary><c>rm</c>'s own attributes.</summary>
/// <param name="IsDisabled"><c>rm/@disabled</c>: the cluster has a configuration but must run no service.</param>
/// <param name="StatusPollInterval"><c>rm/@status_poll_interval</c>: how often due status checks are looked for; 10 s by default, at least 1 s.</param>
public sealed record ResourceManagerSettings(bool IsDisabled, TimeSpan StatusPollInterval);
