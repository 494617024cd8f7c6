using System.Net;
using System.Net.Sockets;

namespace Quorate.Cli.Faces;

/// <summary><c>clufindhostname -i ADDRESS | -n NAME</c>: what the resolver calls a host.</summary>
/// <remarks>Source: rgmanager.md 5.3.</remarks>
internal static class ClufindhostnameFace
{
    private const string Usage = "usage: clufindhostname -i address | -n name";
    private const int Unresolvable = 2;

    /// <summary>Runs the tool: 0 and the name, 1 for usage, 2 when the resolver has no answer.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        if (args is not [("-i" or "-n") and var kind, var value])
        {
            await Console.Error.WriteLineAsync(Usage);
            return 1;
        }

        if (kind == "-i" && !IPAddress.TryParse(value, out _))
        {
            await Console.Error.WriteLineAsync($"clufindhostname: '{value}' is no address");
            return Unresolvable;
        }

        try
        {
            IPHostEntry entry = await Dns.GetHostEntryAsync(value, AddressFamily.Unspecified, cancellation);
            await Console.Out.WriteLineAsync(entry.HostName);
            return 0;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"clufindhostname: {value}: {failure.Message}");
            return Unresolvable;
        }
    }
}
