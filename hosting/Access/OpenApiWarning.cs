using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Quorate.Hosting.Access;

/// <summary>Says at start that everybody who reaches this API may do everything, where more than this machine reaches it.</summary>
internal sealed class OpenApiWarning(ApiAccess access, IServer server, ILogger<ApiAccess> logger) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Only now are the addresses known: they may come from elsewhere than our settings.
        string[] reached = [.. (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Where(static address => !IsOfThisMachine(address))];
        if (!access.IsProtected && reached.Length > 0)
        {
            logger.ApiIsOpen(string.Join(", ", reached));
        }
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether only this machine reaches an address as Kestrel writes it; <c>*</c> and <c>+</c> are everybody's.</summary>
    internal static bool IsOfThisMachine(string address) =>
        address.Split("://", 2)[^1] is var place
        && (place.StartsWith("unix:", StringComparison.Ordinal)
            || (Uri.TryCreate($"http://{place}", UriKind.Absolute, out Uri? uri)
                && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip)))));
}
