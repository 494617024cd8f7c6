using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>
/// What the cluster would do, found by doing it with records that nobody stores: the same planner and the same life cycle decide, every order is
/// carried out well at once, and the planner is asked again until nothing moves any more.
/// </summary>
/// <remarks>
/// Unlike <see cref="WhatIf"/>, which knows a configuration alone, this begins with what is. What it cannot foresee is that an order fails, and
/// whether something runs where a stop was not proven.
/// </remarks>
public static class Forecast
{
    /// <summary>Looks of the planner: one for each link of a chain of services that need each other, and there are fewer.</summary>
    public const int RoundsMax = 500;

    /// <summary>Finds what would happen. Deterministic; reads nothing but the inquiry.</summary>
    public static ForecastOutcome Of(ForecastInquiry inquiry)
    {
        Course course = new(inquiry);
        bool isSettled = course.Settle(inquiry.Causes);
        if (!inquiry.Commands.IsEmpty)
        {
            course.Order(inquiry.Commands);
            isSettled = course.Settle([]) && isSettled;
        }

        return new ForecastOutcome(course.Services(), course.Answers(inquiry.Commands)) { IsSettled = isSettled, SetAside = course.SetAside };
    }
}
