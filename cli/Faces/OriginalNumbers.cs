using System.Globalization;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Faces;

/// <summary>The numbers and words of the original for what a service is.</summary>
/// <remarks>Source: rgmanager.md 3.1 and 5.2.</remarks>
internal static class OriginalNumbers
{
    private const int Frozen = 1;
    private const int Partial = 2;

    /// <summary>The number of a state; <c>clustat -s</c> ends with it.</summary>
    public static int Of(ServiceState state) => state switch
    {
        ServiceState.Stopped => 110,
        ServiceState.Starting => 111,
        ServiceState.Started => 112,
        ServiceState.Stopping => 113,
        ServiceState.Failed => 114,
        ServiceState.Uninitialized => 115,
        ServiceState.Recoverable => 117,
        ServiceState.Recovering => 118,
        ServiceState.Disabled => 119,
        ServiceState.Migrating => 120,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no state of the original"),
    };

    /// <summary>The word of a state.</summary>
    public static string Word(ServiceState state) => state.ToString().ToLowerInvariant();

    /// <summary>1 frozen, 2 partial, or both added.</summary>
    public static int FlagsOf(ServiceView service) =>
        (service.Flags.Contains("frozen") ? Frozen : 0) + (service.Flags.Contains("partial") ? Partial : 0);

    /// <summary>The flags as words, such as <c>frozen, partial</c>; <paramref name="none"/> where there are none.</summary>
    public static string FlagWords(ServiceView service, string none) => FlagsOf(service) switch
    {
        Frozen => "frozen",
        Partial => "partial",
        Frozen + Partial => "frozen, partial",
        _ => none,
    };

    /// <summary>The flags in brackets, such as <c>[ZP]</c>; "" where there are none.</summary>
    public static string FlagLetters(ServiceView service) => FlagsOf(service) switch
    {
        Frozen => "[Z]",
        Partial => "[P]",
        Frozen + Partial => "[ZP]",
        _ => "",
    };

    /// <summary>The number of a cluster, from 0 to 65535: each byte of its name is added to the double of what stands there.</summary>
    /// <remarks>
    /// Source: cman, generate_cluster_id; clustat.c prints what cman says. A <c>cluster_id</c> that somebody chose at <c>cman</c> is not known here.
    /// Bytes count as signed, as they did.
    /// </remarks>
    public static int ClusterId(string cluster) =>
        Encoding.UTF8.GetBytes(cluster).Aggregate((ushort)0, (id, letter) => unchecked((ushort)((id << 1) + (sbyte)letter)));

    /// <summary>A time as ctime(3) writes it, in local time and without the line's end.</summary>
    public static string Time(DateTimeOffset instant)
    {
        DateTimeOffset local = instant.ToLocalTime();
        return string.Create(CultureInfo.InvariantCulture, $"{local:ddd MMM} {local.Day,2} {local:HH:mm:ss yyyy}");
    }
}
